package io.github.lightning4j.data.idx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.data.TensorDataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads images and labels that are stored as MNIST is: an IDX file of N grey images and one of N labels. Fashion-MNIST,
 * KMNIST and others come in the same form.
 *
 * <p>Images become FLOAT32 of shape (N, 1, height, width), black 0 and white 1 unless they are normalised; labels become
 * INT64 of shape (N).
 */
public final class MnistIdx {
    /** Which of the two parts that MNIST is published in. */
    public enum Part {
        /** The 60,000 digits in the files {@code train-...}. */
        TRAIN("train"),
        /** The 10,000 digits in the files {@code t10k-...}. */
        TEST("t10k");

        private final String prefix;

        Part(String prefix) {
            this.prefix = prefix;
        }
    }

    private MnistIdx() {}

    /**
     * Loads a part from a folder of the four usual files, for instance {@code train-images-idx3-ubyte.gz}; {@code
     * train-images.idx3-ubyte} and files without {@code .gz} are found as well.
     *
     * @param manager the owner of the tensors, made on the CPU
     * @param folder the folder
     * @param part the part to load
     * @return the samples, pixels from 0 to 1
     * @throws DataException if the folder or a file is missing or damaged, or images and labels differ in number
     */
    public static TensorDataset load(NDManager manager, Path folder, Part part) {
        return load(manager, folder, part, 0, 1);
    }

    /**
     * Loads a part and normalises its pixels, as torchvision's {@code Normalize} does: a pixel p from 0 to 1 becomes
     * (p - mean) / std.
     *
     * @param manager the owner of the tensors, made on the CPU
     * @param folder the folder, as for {@link #load(NDManager, Path, Part)}
     * @param part the part to load
     * @param mean the mean to take away, 0.1307 for MNIST
     * @param std the deviation to divide by, above 0, 0.3081 for MNIST
     * @return the samples
     * @throws DataException if the folder or a file is missing or damaged, or images and labels differ in number
     * @throws ConfigurationException if {@code std} is not above 0
     */
    public static TensorDataset load(NDManager manager, Path folder, Part part, float mean, float std) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    "There is no data folder " + folder + "; give the folder that holds the four MNIST files");
        }
        try (IdxInput images = IdxInput.open(find(folder, part, "images", "idx3"));
                IdxInput labels = IdxInput.open(find(folder, part, "labels", "idx1"))) {
            return read(manager, images, labels, mean, std);
        }
    }

    /**
     * Reads images and labels from streams, resources for instance.
     *
     * @param manager the owner of the tensors, made on the CPU
     * @param images an IDX file of N images, plain or gzip; left open
     * @param labels an IDX file of N labels, plain or gzip; left open
     * @param name what messages call them
     * @return the samples, pixels from 0 to 1
     * @throws DataException if a stream is cut off or damaged, or images and labels differ in number
     */
    public static TensorDataset read(NDManager manager, InputStream images, InputStream labels, String name) {
        return read(manager, IdxInput.open(images, name + " images"), IdxInput.open(labels, name + " labels"), 0, 1);
    }

    private static TensorDataset read(NDManager manager, IdxInput images, IdxInput labels, float mean, float std) {
        Require.that(std > 0, "MnistIdx std", std, "above 0", "0.3081 is that of MNIST");
        expect(images, 3, "images: (number, height, width)");
        expect(labels, 1, "labels: (number)");
        long count = images.shape().get(0);
        if (labels.shape().get(0) != count) {
            throw labels.failure("holds " + labels.shape().get(0) + " labels for " + count
                    + " images; take both files from the same part");
        }
        Shape shape = new Shape(count, 1, images.shape().get(1), images.shape().get(2));
        NDArray pixels = Idx.read(manager, images, shape, DataType.FLOAT32, scaling(mean, std));
        try {
            return TensorDataset.of(pixels, Idx.read(manager, labels, labels.shape(), DataType.INT64, MnistIdx::widen));
        } catch (RuntimeException e) {
            pixels.close();
            throw e;
        }
    }

    private static void expect(IdxInput input, int dimensions, String what) {
        if (input.shape().dimension() != dimensions || input.dataType() != DataType.UINT8) {
            throw input.failure("holds " + input.dataType() + " of shape " + input.shape() + "; expected uint8 with "
                    + dimensions + " dimensions, " + what);
        }
    }

    private static Idx.Conversion scaling(float mean, float std) {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i / 255f - mean) / std;
        }
        return (bytes, memory) -> {
            while (bytes.hasRemaining()) {
                memory.putFloat(values[bytes.get() & 0xFF]);
            }
        };
    }

    private static void widen(ByteBuffer bytes, ByteBuffer memory) {
        while (bytes.hasRemaining()) {
            memory.putLong(bytes.get() & 0xFF);
        }
    }

    private static Path find(Path folder, Part part, String kind, String idx) {
        List<String> names = new ArrayList<>();
        for (String separator : List.of("-", ".")) {
            String name = part.prefix + "-" + kind + separator + idx + "-ubyte";
            names.addAll(List.of(name, name + ".gz"));
        }
        return names.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new DataException("The folder " + folder + " holds none of " + names + " but "
                        + contents(folder) + "; give the folder that holds the four MNIST files"));
    }

    private static String contents(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .sorted()
                    .limit(10)
                    .collect(Collectors.toList());
            return names.isEmpty() ? "nothing" : names.toString();
        } catch (IOException e) {
            return "cannot be listed (" + e + ")";
        }
    }
}
