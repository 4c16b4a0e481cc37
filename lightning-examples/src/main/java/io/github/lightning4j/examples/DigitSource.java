package io.github.lightning4j.examples;

import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.Splits;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.data.idx.MnistIdx;
import io.github.lightning4j.data.idx.MnistIdx.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Where digits come from. */
interface DigitSource {
    /**
     * Loads all digits.
     *
     * @param manager the owner of their pixels
     * @return the parts
     * @throws IOException if a file cannot be read
     */
    Parts load(NDManager manager) throws IOException;

    /** What to learn from, what to choose the best checkpoint by, and what to judge it by. */
    record Parts(RandomAccessDataset train, RandomAccessDataset val, RandomAccessDataset test) {
        /** Takes the last sixth of the training digits for validation: 10,000 of MNIST's 60,000. */
        static Parts of(RandomAccessDataset all, RandomAccessDataset test) {
            int size = Math.toIntExact(all.size());
            List<RandomAccessDataset> parts = Splits.consecutive(all, size - size / 6, size / 6);
            return new Parts(parts.get(0), parts.get(1), test);
        }
    }

    /** The digits in this jar: 8,000, 1,000 and 1,000, each with the same mix of digits. */
    static DigitSource bundled() {
        return manager -> {
            try (InputStream images = resource("mnist/images-idx3-ubyte.gz");
                    InputStream labels = resource("mnist/labels-idx1-ubyte.gz")) {
                RandomAccessDataset all = MnistIdx.read(manager, images, labels, "bundled digits");
                List<RandomAccessDataset> parts = Splits.consecutive(all, 8_000, 1_000, 1_000);
                return new Parts(parts.get(0), parts.get(1), parts.get(2));
            }
        };
    }

    /** The four files of MNIST, or of a data set in its form, in a folder. */
    static DigitSource folder(Path folder) {
        return manager ->
                Parts.of(MnistIdx.load(manager, folder, Part.TRAIN), MnistIdx.load(manager, folder, Part.TEST));
    }

    /** All of MNIST through DJL, which keeps what it has downloaded in its cache. */
    static DigitSource download(Repository repository) {
        return manager -> {
            try {
                return Parts.of(download(manager, repository, Usage.TRAIN), download(manager, repository, Usage.TEST));
            } catch (IOException e) {
                throw new DataException(
                        "MNIST could not be downloaded, is there a network? (" + e
                                + ") Without one, leave --download out" + " or give a folder with --data DIR.",
                        e);
            }
        };
    }

    private static TensorDataset download(NDManager manager, Repository repository, Usage usage) throws IOException {
        try (NDManager raw = manager.newSubManager()) {
            Mnist digits = Mnist.builder()
                    .optRepository(repository)
                    .optManager(raw)
                    .optUsage(usage)
                    .setSampling(1, false)
                    .build();
            digits.prepare(null);
            Batch all = digits.getByRange(raw, 0, digits.size());
            NDArray images = all.getData()
                    .head()
                    .reshape(-1, 1, Mnist.IMAGE_HEIGHT, Mnist.IMAGE_WIDTH)
                    .div(255);
            NDArray labels = all.getLabels().head().toType(DataType.INT64, false);
            images.attach(manager);
            labels.attach(manager);
            return TensorDataset.of(images, labels);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DigitSource.class.getResourceAsStream(name), name);
    }
}
