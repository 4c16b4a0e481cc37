package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import ai.djl.util.Progress;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.CombinedBatch;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.augment.RandomCrop;
import io.github.lightning4j.data.augment.RandomHorizontalFlip;
import io.github.lightning4j.data.idx.Idx;
import io.github.lightning4j.data.idx.MnistIdx;
import io.github.lightning4j.data.idx.MnistIdx.Part;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.IdxBytes;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.guide.SeveralLoaders;
import io.github.lightning4j.trainer.EvaluationResult;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/data.md, which are parts of this class and of the module it uses. */
class DataGuideTest extends DataFixture {
    @Test
    void blocksOfTheGuide_arePartsOfTheseClasses() throws IOException {
        GuideBlocks.assertArePartOf("data.md", getClass(), SeveralLoaders.class);
    }

    @Test
    void digitsOfOtherNames(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("images-idx3-ubyte.gz"), IdxBytes.images(60));
        Files.write(folder.resolve("labels-idx1-ubyte.gz"), IdxBytes.labels(60));
        NDManager manager = tensors;
        try (InputStream images = Files.newInputStream(folder.resolve("images-idx3-ubyte.gz"));
                InputStream labels = Files.newInputStream(folder.resolve("labels-idx1-ubyte.gz"))) {
            TensorDataset digits = MnistIdx.read(manager, images, labels, "digits");
            DataLoader loader = DataLoader.of(digits, 32, true);
        }
        assertThat(tensors.isOpen()).isTrue();
    }

    @Test
    void mnistInTwoLoaders(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), IdxBytes.images(60));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxBytes.labels(60));
        NDManager manager = tensors;

        TensorDataset digits = MnistIdx.load(manager, folder, Part.TRAIN);
        List<RandomAccessDataset> parts = Splits.random(digits, 42, 50, 10);
        DataLoaders loaders = DataLoaders.of(parts.get(0), parts.get(1), 16);

        assertThat(loaders.train().batchCount()).isEqualTo(4);
        assertThat(loaders.val().batchCount()).isEqualTo(1);

        NDArray pixels = Idx.read(manager, folder.resolve("train-images-idx3-ubyte"));
        assertThat(pixels.getShape()).isEqualTo(new Shape(60, 2, 3));
    }

    @Test
    void tensorsFromJavaArrays() {
        NDManager manager = tensors;

        TensorDataset points = TensorDataset.of(
                manager, new float[] {0, 0, 0, 1, 1, 0, 1, 1}, new Shape(4, 2), new long[] {0, 1, 1, 0});

        assertThat(labels(DataLoader.of(points, 4), 1, 0, 0)).containsExactly(List.of(0L, 1L, 1L, 0L));
    }

    @Test
    void settings() {
        Words dataset = new Words(List.of("to", "be", "or", "not"));
        PaddingStackBatchifier padding = PaddingStackBatchifier.builder()
                .addPad(0, 0, pads -> pads.zeros(new Shape(1), DataType.INT32))
                .build();

        DataLoader loader = DataLoader.builder(dataset)
                .batchSize(3)
                .shuffle(true)
                .dropLast(true)
                .collate(padding, Batchifier.STACK)
                .workers(2)
                .prefetch(8)
                .name("train")
                .build();

        try (BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0);
                Batch batch = cursor.next()) {
            assertThat(batch.getData().head().getShape().get(0)).isEqualTo(3);
            assertThat(cursor.hasNext()).isFalse();
        }
    }

    private static final class FromTwo extends BoringModule {
        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            CombinedBatch both = CombinedBatch.of(batch);
            NDArray supervised = loss(both.get("labelled"));
            NDArray consistent = loss(both.get("unlabelled"));
            return supervised.add(consistent.mul(0.1f));
        }
    }

    @Test
    void combinedLoaders() {
        try (TestData data = TestData.open();
                FromTwo module = new FromTwo()) {
            DataLoader labelled = data.regression(4, 2);
            DataLoader unlabelled = data.regression(8, 2);
            CombinedLoader train = CombinedLoader.builder()
                    .loader("labelled", labelled)
                    .loader("unlabelled", unlabelled)
                    .build();
            assertThat(Trainers.quiet().build().fit(module, train).globalStep()).isEqualTo(4);
        }
    }

    @Test
    void augmentation() {
        TensorDataset images = TensorDataset.of(tensors.ones(new Shape(8, 3, 8, 8)), tensors.arange(8));

        DataLoader train = DataLoader.builder(images)
                .batchSize(4)
                .shuffle(true)
                .augment(new RandomHorizontalFlip(0.5), new RandomCrop(2))
                .augment((image, random) -> image.mul(0.9 + 0.2 * random.nextDouble()))
                .workers(1)
                .build();

        assertThat(train.batchCount()).isEqualTo(2);
        try (BatchCursor cursor = train.open(batches, new Seeds(1), 0, 1);
                Batch batch = cursor.next()) {
            assertThat(batch.getData().head().getShape()).isEqualTo(new Shape(4, 3, 8, 8));
        }
    }

    @Test
    void plainLoop() {
        DataLoader loader = DataLoader.of(numbers(5), 2);
        long samples = 0;

        for (Batch batch : loader) {
            try (batch) {
                samples += batch.getSize();
            }
        }

        assertThat(samples).isEqualTo(5);
    }

    @Test
    void severalInputsLabelsAndLoaders() {
        DataLoader train = DataLoader.of(pairs(32), 8, true);
        DataLoader clean = DataLoader.of(pairs(16), 8);
        DataLoader noisy = DataLoader.of(pairs(8), 8);
        ModelCheckpoint best = ModelCheckpoint.builder()
                .monitor("val_acc/dataloader_idx_0")
                .mode(Mode.MAX)
                .build();
        Trainer trainer = Trainers.quiet().callbacks(best).fastDevRun(1).build();
        try (SeveralLoaders module = new SeveralLoaders()) {
            FitResult result = trainer.fit(module, train, List.of(clean, noisy));
            EvaluationResult measured = trainer.validate(module, clean, noisy);
            double onNoisy = measured.loader(1).get("val_acc");

            assertThat(result.metrics()).containsKeys("val_acc/dataloader_idx_0", "val_acc/dataloader_idx_1");
            assertThat(measured)
                    .containsOnlyKeys("val_acc/dataloader_idx_0", "val_acc/dataloader_idx_1")
                    .containsEntry("val_acc/dataloader_idx_1", onNoisy);
        }
    }

    @Test
    void augmentedBatches_areTheSameForAnyNumberOfWorkers() {
        List<List<Float>> seen = new ArrayList<>();
        for (int workers : new int[] {0, 1, 3}) {
            DataLoader loader = DataLoader.builder(numbers(9))
                    .batchSize(2)
                    .shuffle(true)
                    .augment((sample, random) -> sample.add(random.nextFloat()))
                    .workers(workers)
                    .build();
            List<Float> values = new ArrayList<>();
            for (Batch batch : loader) {
                try (batch) {
                    for (float value : batch.getData()
                            .head()
                            .toType(DataType.FLOAT32, true)
                            .toFloatArray()) {
                        values.add(value);
                    }
                }
            }
            seen.add(values);
        }
        assertThat(seen.get(0)).hasSizeGreaterThan(8);
        assertThat(Set.copyOf(seen)).hasSize(1);
    }

    private TensorDataset pairs(int samples) {
        NDArray sizes = tensors.ones(new Shape(samples, 3));
        NDArray colours = tensors.zeros(new Shape(samples, 2));
        NDArray kinds = tensors.arange(samples).mod(2).toType(DataType.INT64, false);
        NDArray prices = tensors.ones(new Shape(samples, 1));

        TensorDataset pairs = TensorDataset.of(new NDList(sizes, colours), new NDList(kinds, prices));
        return pairs;
    }

    /** A dataset of one's own. */
    static final class Words extends RandomAccessDataset {
        private final List<String> words;

        Words(List<String> words) {
            super(new NumberRecords.Builder());
            this.words = words;
        }

        @Override
        public Record get(NDManager manager, long index) {
            String word = words.get((int) index);
            NDArray letters = manager.create(word.chars().toArray());
            return new Record(new NDList(letters), new NDList(manager.create(index)));
        }

        @Override
        protected long availableSize() {
            return words.size();
        }

        @Override
        public void prepare(Progress progress) {}
    }
}
