package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where batches may come from. */
class BatchSourcesTest {
    private final TestData data = TestData.open();
    private final Seen module = new Seen();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void anIterableThatCanBeReadOnce_losesAndDoublesNoBatch() {
        Once once = new Once(data.batches(new float[] {1}, new float[] {2}, new float[] {3}));

        Trainers.quiet().build().fit(module, once);

        assertThat(module.seen).containsExactly(1.0, 2.0, 3.0);
        assertThat(once.opened).isEqualTo(1);
    }

    @Test
    void anIterableThatMakesItsBatchesAnew_servesSeveralEpochs() {
        Iterable<Batch> anew =
                () -> data.batches(new float[] {1}, new float[] {2}).iterator();

        Trainers.quiet().maxEpochs(2).build().fit(module, anew);

        assertThat(module.seen).containsExactly(1.0, 2.0, 1.0, 2.0);
    }

    @Test
    void anIterableThatIsExhausted_isAnErrorInTheSecondEpoch() {
        Iterator<Batch> iterator = data.batches(new float[] {1}).iterator();
        Iterable<Batch> exhausted = () -> iterator;

        assertThatThrownBy(() -> Trainers.quiet().maxEpochs(2).build().fit(module, exhausted))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("gave no batch in epoch 1")
                .hasMessageContaining("anew");
    }

    @Test
    void anEmptyIterable_isAnErrorAtOnce() {
        Iterable<Batch> empty = List.<Batch>of()::iterator;

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, empty))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("gave no batch");
    }

    @Test
    void aListOfBatches_knowsItsLength() {
        List<Batch> batches = data.batches(new float[] {1}, new float[] {2}, new float[] {3}, new float[] {4});

        Trainers.quiet()
                .limitTrainBatches(io.github.lightning4j.Limit.fraction(0.5))
                .build()
                .fit(module, batches);

        assertThat(module.seen).containsExactly(1.0, 2.0);
    }

    @Test
    void aDatasetOfDjl_isReadAsItIs() {
        ArrayDataset dataset = new ArrayDataset.Builder()
                .setData(data.manager().create(new float[] {1, 2, 3, 4, 5}))
                .setSampling(2, false)
                .build();

        Trainers.quiet().maxEpochs(2).build().fit(module, dataset, dataset);

        assertThat(module.seen).containsExactly(1.0, 3.0, 5.0, 1.0, 3.0, 5.0);
        assertThat(module.validated).isEqualTo(6);
    }

    @Test
    void aShuffledDatasetOfDjl_isAFunctionOfTheSeed() {
        List<Double> first = orderOf(1);
        List<Double> again = orderOf(1);
        List<Double> other = orderOf(2);

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(first.subList(0, 20)).isNotEqualTo(first.subList(20, 40));
        assertThat(first.subList(20, 40)).containsExactlyInAnyOrderElementsOf(first.subList(0, 20));
    }

    private List<Double> orderOf(long seed) {
        module.seen.clear();
        ArrayDataset dataset = new ArrayDataset.Builder()
                .setData(data.manager().arange(20).toType(ai.djl.ndarray.types.DataType.FLOAT32, false))
                .setSampling(1, true)
                .build();
        Trainers.quiet().seed(seed).maxEpochs(2).build().fit(module, dataset);
        return List.copyOf(module.seen);
    }

    @Test
    void aDatasetOfDjl_servesValidateTestAndPredict() {
        BoringModule boring = new BoringModule();
        try (boring) {
            Trainer trainer = Trainers.quiet().build();
            ArrayDataset dataset = data.djl(10, 4, false);

            double loss = trainer.validate(boring, dataset).get("val_loss");

            assertThat(trainer.test(boring, dataset)).containsEntry("test_loss", loss);
            try (PredictResult result = trainer.predict(boring, dataset)) {
                assertThat(result.concat().getShape().getShape()).containsExactly(10, 2);
            }
        }
    }

    @Test
    void aDataModule_servesEveryStage() {
        Source source = new Source();
        Trainer trainer = Trainers.quiet().build();

        trainer.fit(module, source);
        trainer.validate(module, source);
        trainer.test(module, source);
        trainer.predict(module, source).close();

        assertThat(module.seen).containsExactly(1.0, 2.0);
        assertThat(module.validated).isEqualTo(2 * (1 + 1));
        assertThat(module.tested).isEqualTo(3);
        assertThat(source.stages)
                .containsExactly(
                        "prepare",
                        "TRAIN",
                        "end TRAIN",
                        "prepare",
                        "VALIDATE",
                        "end VALIDATE",
                        "prepare",
                        "TEST",
                        "end TEST",
                        "prepare",
                        "PREDICT",
                        "end PREDICT");
    }

    @Test
    void aDataModule_isToldOfAnExceptionAndTornDown() {
        Source source = new Source();
        module.failure = new IllegalStateException("mine");

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, source)).isSameAs(module.failure);

        assertThat(source.stages).containsExactly("prepare", "TRAIN", "exception mine", "end TRAIN");
    }

    @Test
    void aDataModuleThatCannotPrepare_isNamed() {
        LightningDataModule broken = new LightningDataModule() {
            @Override
            public void prepareData() throws Exception {
                throw new java.io.IOException("no disk");
            }

            @Override
            public String toString() {
                return "broken";
            }
        };

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, broken))
                .isInstanceOf(io.github.lightning4j.LightningException.class)
                .hasMessageContaining("prepareData")
                .hasMessageContaining("no disk");
    }

    @Test
    void shuffledLoaders_giveAnotherOrderEachEpochAndTheSameEachRun() {
        DataLoader loader = DataLoader.builder(
                        data.numbers(1, 1, 2, 3, 4, 5, 6, 7, 8).dataset())
                .batchSize(1)
                .shuffle(true)
                .build();
        Trainer trainer = Trainers.quiet().maxEpochs(2).build();

        trainer.fit(module, loader);
        List<Double> first = List.copyOf(module.seen);
        module.seen.clear();
        trainer.fit(module, loader);

        assertThat(module.seen).isEqualTo(first);
        assertThat(first.subList(0, 8)).isNotEqualTo(first.subList(8, 16));
    }

    /** Notes the first number of every batch. */
    private static final class Seen extends WeightModule {
        final List<Double> seen = new ArrayList<>();
        int validated;
        int tested;

        @Nullable
        RuntimeException failure;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            if (failure != null) {
                throw failure;
            }
            seen.add((double) batch.getData().head().toFloatArray()[0]);
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            validated++;
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            tested++;
        }

        @Override
        public ai.djl.ndarray.NDList predictStep(Batch batch, int batchIndex) {
            return batch.getData();
        }
    }

    record DataConfig(int batchSize, @Nullable Path folder) {}

    private final class Configured extends LightningDataModule {
        final List<String> seen = new ArrayList<>();

        Configured(DataConfig config) {
            super(config);
        }

        @Override
        public void setup(Stage stage) {
            seen.add("setup");
        }

        @Override
        public void onRunStart(Run run) {
            seen.add(run.stage() + " " + run.isFitting());
        }

        @Override
        public Iterable<Batch> trainDataLoader() {
            seen.add("train");
            return data.regression(8, 4);
        }

        @Override
        public Iterable<Batch> valDataLoader() {
            seen.add("val");
            return data.regression(8, 4);
        }
    }

    @Test
    void aDataModulesHyperparameters_areSavedAndLogged_andItSeesTheRun(@TempDir Path folder) {
        DataConfig config = new DataConfig(4, null);
        Configured source = new Configured(config);
        Map<String, Object> logged = new HashMap<>();
        Logger logger = new Logger() {
            @Override
            public void logMetrics(Map<String, Double> metrics, long step, long epoch) {}

            @Override
            public void logHyperparameters(Map<String, Object> hyperparameters) {
                logged.putAll(hyperparameters);
            }
        };
        Trainer.Builder builder =
                Trainers.quiet().enableCheckpointing(true).runDirectory(folder).loggers(logger);
        try (BoringModule module = new BoringModule()) {
            builder.build().fit(module, source);

            assertThat(source.seen).containsExactly("setup", "TRAIN true", "train", "val");
            source.seen.clear();
            builder.build().validate(module, source);
            assertThat(source.seen).containsExactly("setup", "VALIDATE false", "val");
        }
        assertThat(logged).containsEntry("data/batchSize", 4).containsEntry("data/folder", null);
        try (Checkpoint checkpoint = CkptPath.last().open(folder)) {
            assertThat(checkpoint.dataHyperparameters(DataConfig.class)).isEqualTo(config);
        }
        try (BoringModule module = new BoringModule();
                LogLines lines = LogLines.capture()) {
            builder.maxEpochs(2).build().fit(module, new Configured(new DataConfig(8, null)), CkptPath.last());
            assertThat(lines.messages()).anyMatch(line -> line.startsWith("hyperparameter data/batchSize was 4"));
        }
    }

    @Test
    void loadersThatAreThere_makeADataModule() {
        try (BoringModule module = new BoringModule()) {
            LightningDataModule two = LightningDataModule.of(data.regression(8, 4), data.regression(4, 4));
            LightningDataModule all = LightningDataModule.builder()
                    .train(data.regression(4, 4))
                    .val(data.regression(4, 4), data.regression(8, 4))
                    .test(data.regression(4, 4))
                    .predict(data.regression(4, 4))
                    .build();
            Trainer trainer = Trainers.quiet().build();

            assertThat(trainer.fit(module, two).metrics()).containsKey("val_loss");
            assertThat(trainer.validate(module, all)).containsKey("val_loss/dataloader_idx_1");
            assertThat(trainer.test(module, all)).containsKey("test_loss");
            trainer.predict(module, all).close();
            assertThatThrownBy(() -> trainer.test(module, two)).hasMessageContaining("There are no batches to test");
        }
    }

    /** Batches that can be asked for once. */
    private static final class Once implements Iterable<Batch> {
        private final List<Batch> batches;
        int opened;

        Once(List<Batch> batches) {
            this.batches = batches;
        }

        @Override
        public Iterator<Batch> iterator() {
            opened++;
            return batches.iterator();
        }
    }

    /** Two training batches, two validation loaders, three test batches. */
    private final class Source extends LightningDataModule {
        final List<String> stages = new ArrayList<>();

        @Override
        public void prepareData() {
            stages.add("prepare");
        }

        @Override
        public void setup(Stage stage) {
            stages.add(stage.toString());
        }

        @Override
        public void teardown(Stage stage) {
            stages.add("end " + stage);
        }

        @Override
        public void onException(Throwable failure) {
            stages.add("exception " + failure.getMessage());
        }

        @Override
        public Iterable<Batch> trainDataLoader() {
            return data.numbers(1, 1, 2);
        }

        @Override
        public List<Iterable<Batch>> valDataLoaders() {
            return List.of(data.ones(1, 1), data.ones(1, 1));
        }

        @Override
        public Iterable<Batch> testDataLoader() {
            return data.ones(3, 1);
        }

        @Override
        public Iterable<Batch> predictDataLoader() {
            return data.ones(1, 1);
        }
    }
}
