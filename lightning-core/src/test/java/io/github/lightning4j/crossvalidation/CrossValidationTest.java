package io.github.lightning4j.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.data.Fold;
import io.github.lightning4j.data.KFold;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {
    private static final int SAMPLES = 23;

    @TempDir
    Path folder;

    private NDManager manager;
    private TensorDataset dataset;

    @BeforeEach
    void makeData() {
        manager = NDManager.newBaseManager();
        float[] data = new float[SAMPLES * TestData.FEATURES];
        float[] targets = new float[SAMPLES * TestData.TARGETS];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) Math.sin(i);
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = (float) Math.cos(2 * i);
        }
        dataset = TensorDataset.of(
                manager, data, new Shape(SAMPLES, TestData.FEATURES), targets, new Shape(SAMPLES, TestData.TARGETS));
    }

    @AfterEach
    void freeData() {
        manager.close();
    }

    private static Trainer.Builder trainer() {
        return Trainers.quiet().maxEpochs(3).enableCheckpointing(true);
    }

    private CrossValidation.Builder of(Function<Fold, Trainer.Builder> trainer) {
        return CrossValidation.builder(KFold.of(4).shuffled(1), dataset, fold -> new BoringModule(), trainer)
                .batchSize(4)
                .seed(7);
    }

    @Test
    void eachFold_isAPlainFitOfItsSeed() {
        try (CrossValidationResult result =
                of(fold -> trainer()).directory(folder).build().run()) {
            assertThat(result.folds()).hasSize(4);
            assertThat(result.folds().stream().map(fold -> fold.fit().seed()).distinct())
                    .hasSize(4);
            Fold fold = KFold.of(4).shuffled(1).split(dataset).get(2);
            DataLoaders loaders = DataLoaders.of(fold.train(), fold.val(), 4);
            FoldResult third = result.folds().get(2);
            Trainer alone =
                    Trainers.quiet().maxEpochs(3).seed(third.fit().seed()).build();
            try (BoringModule module = new BoringModule()) {
                FitResult fit = alone.fit(module, loaders.train(), loaders.val());

                assertThat(third.fit().weightsSha256()).isEqualTo(fit.weightsSha256());
                assertThat(third.metrics()).isEqualTo(alone.validate(module, loaders.val()));
            }
            assertThat(third.fit().runDirectory()).isEqualTo(folder.resolve("fold-2"));
            assertThat(result.seed()).isEqualTo(7);
            assertThat(result.directory()).isEqualTo(folder);
        }
    }

    @Test
    void meanAndSpread_areThoseOfTheFolds() {
        try (CrossValidationResult result =
                of(fold -> trainer()).directory(folder).build().run()) {
            double[] losses = result.folds().stream()
                    .mapToDouble(fold -> fold.metrics().get("val_loss"))
                    .toArray();
            double mean = (losses[0] + losses[1] + losses[2] + losses[3]) / 4;
            double squares = 0;
            for (double loss : losses) {
                squares += (loss - mean) * (loss - mean);
            }

            assertThat(result.metrics()).containsExactly("val_loss");
            assertThat(result.mean("val_loss")).isCloseTo(mean, within(1e-15));
            assertThat(result.std("val_loss")).isCloseTo(Math.sqrt(squares / 3), within(1e-15));
            assertThat(result.table().lines().map(line -> line.split(" +")[0]))
                    .containsSubsequence("fold", "0", "1", "2", "3", "mean", "std");
            assertThatThrownBy(() -> result.mean("val_acc"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("Fold 0 logged no 'val_acc' in validation; it logged [val_loss].");
        }
    }

    /** A module that predicts its input, from which one sees which sample a prediction is of. */
    private static final class Echo extends BoringModule {
        @Override
        public NDList predictStep(Batch batch, int batchIndex) {
            return new NDList(batch.getData().head());
        }
    }

    @Test
    void predictions_areInTheOrderOfTheDataset() {
        CrossValidationResult result = CrossValidation.builder(
                        KFold.of(5).shuffled(3), dataset, fold -> new Echo(), fold -> trainer())
                .batchSize(2)
                .directory(folder)
                .build()
                .run();
        try (result) {
            NDArray data = dataset.getByRange(manager, 0, SAMPLES).getData().head();

            assertThat(result.predictions().getShape()).isEqualTo(new Shape(SAMPLES, TestData.FEATURES));
            assertThat(result.predictions().toFloatArray()).isEqualTo(data.toFloatArray());
        }
        assertThatThrownBy(result::predictions)
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("were closed and freed");
    }

    @Test
    void nativeMemory_isAsBefore() {
        of(fold -> trainer()).directory(folder.resolve("warm")).build().run().close();
        NativeMemory before = NativeMemory.now();
        List<NativeMemory> atEachFold = new ArrayList<>();

        CrossValidation validation = CrossValidation.builder(
                        KFold.of(4),
                        dataset,
                        fold -> {
                            atEachFold.add(NativeMemory.now());
                            return new BoringModule();
                        },
                        fold -> trainer())
                .batchSize(4)
                .directory(folder.resolve("run"))
                .build();
        validation.run().close();

        assertThat(NativeMemory.now()).isEqualTo(before);
        assertThat(atEachFold.get(3).arrays() - atEachFold.get(0).arrays()).isEqualTo(3);
    }

    /** Fails, or interrupts its thread, in one batch of one fold; counts the batches. */
    private static final class Disturber implements Callback {
        private final int fold;
        private final Runnable disturbance;
        private final List<Integer> trained;

        Disturber(int fold, Runnable disturbance, List<Integer> trained) {
            this.fold = fold;
            this.disturbance = disturbance;
            this.trained = trained;
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            trained.add(fold);
            if (fold == 2 && run.epoch() == 1 && batchIndex == 2) {
                disturbance.run();
            }
        }
    }

    @Test
    void afterAFailure_finishedFoldsAreNotTrainedAgainAndTheResultIsTheSame() {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        CrossValidation failing = of(fold -> trainer().callbacks(new Disturber(fold.index(), this::fail, first)))
                .directory(parts)
                .build();
        CrossValidation going = of(fold -> trainer().callbacks(new Disturber(fold.index(), () -> {}, second)))
                .directory(parts)
                .build();

        assertThatThrownBy(failing::run).hasMessageContaining("the power is gone");
        try (CrossValidationResult undisturbed =
                        of(fold -> trainer()).directory(whole).build().run();
                CrossValidationResult resumed = going.run()) {
            assertSame(resumed, undisturbed);
        }
        assertThat(new TreeSet<>(first)).containsExactly(0, 1, 2);
        assertThat(new TreeSet<>(second)).containsExactly(2, 3);
    }

    private void fail() {
        throw new IllegalStateException("the power is gone");
    }

    private static void assertSame(CrossValidationResult resumed, CrossValidationResult undisturbed) {
        for (int i = 0; i < undisturbed.folds().size(); i++) {
            FoldResult expected = undisturbed.folds().get(i);
            FoldResult actual = resumed.folds().get(i);
            assertThat(actual.metrics()).isEqualTo(expected.metrics());
            assertThat(actual.fit().weightsSha256()).isEqualTo(expected.fit().weightsSha256());
        }
        assertThat(resumed.predictions().toFloatArray())
                .isEqualTo(undisturbed.predictions().toFloatArray());
        assertThat(resumed.table()).isEqualTo(undisturbed.table());
    }

    @Test
    void anInterrupt_endsItAndItGoesOn() {
        Path parts = folder.resolve("parts");
        Runnable interrupt = () -> Thread.currentThread().interrupt();
        CrossValidation interrupted = of(fold ->
                        trainer().callbacks(new Disturber(fold.index(), interrupt, new ArrayList<>())))
                .directory(parts)
                .build();

        assertThatThrownBy(interrupted::run)
                .isInstanceOf(LightningException.class)
                .hasMessageStartingWith("The cross-validation was interrupted in fold 2 after 1 epochs (")
                .hasMessageEndingWith("). Run it again with the same directory to go on.");
        assertThat(Thread.interrupted()).isTrue();

        try (CrossValidationResult undisturbed = of(fold -> trainer())
                        .directory(folder.resolve("whole"))
                        .build()
                        .run();
                CrossValidationResult resumed =
                        of(fold -> trainer()).directory(parts).build().run()) {
            assertSame(resumed, undisturbed);
        }
    }

    @Test
    void anotherSeedOrOtherFolds_areRefusedInTheSameDirectory() {
        of(fold -> trainer()).directory(folder).build().run().close();

        assertThatThrownBy(() ->
                        of(fold -> trainer()).seed(8).directory(folder).build().run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(folder + " holds a cross-validation with seed 7, not 8. Go on with the same seed, or choose"
                        + " another directory.");
        assertThatThrownBy(() -> CrossValidation.builder(
                                KFold.of(4), dataset, fold -> new BoringModule(), fold -> trainer())
                        .batchSize(4)
                        .directory(folder)
                        .build()
                        .run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(folder + " holds a cross-validation with other folds.");
    }

    @Test
    void bestCheckpoint_isWhatIsJudged() {
        Function<Fold, Trainer.Builder> keepingTheWorst = fold -> trainer()
                .callbacks(ModelCheckpoint.builder()
                        .monitor("val_loss")
                        .mode(Mode.MAX)
                        .build());

        try (CrossValidationResult last = of(keepingTheWorst)
                        .directory(folder.resolve("last"))
                        .build()
                        .run();
                CrossValidationResult best = of(keepingTheWorst)
                        .bestCheckpoint(true)
                        .directory(folder.resolve("best"))
                        .build()
                        .run()) {
            FoldResult fold = best.folds().get(0);
            double worst = fold.fit().history().stream()
                    .mapToDouble(epoch -> epoch.get("val_loss"))
                    .max()
                    .orElseThrow();
            assertThat(fold.metrics()).isEqualTo(Map.of("val_loss", worst));
            assertThat(last.folds().get(0).metrics().get("val_loss")).isLessThan(worst);
        }
    }

    @Test
    void withoutPredictions_nothingIsPredicted() {
        CrossValidation.Builder shuffling = CrossValidation.builder(
                        KFold.of(2), dataset, fold -> new BoringModule(), fold -> trainer())
                .loaders(fold -> new DataLoaders(DataLoader.of(fold.train(), 8), DataLoader.of(fold.val(), 8, true)));

        assertThatThrownBy(() ->
                        shuffling.directory(folder.resolve("with")).build().run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The validation loader of fold 0 shuffles");
        try (CrossValidationResult result = shuffling
                .predict(false)
                .directory(folder.resolve("without"))
                .build()
                .run()) {
            assertThat(result.mean("val_loss")).isPositive();
            assertThatThrownBy(result::predictions).hasMessageContaining("predict(false)");
        }
    }

    @Test
    void withoutABatchSize_itIsRefused() {
        assertThatThrownBy(() -> CrossValidation.builder(
                                KFold.of(2), dataset, fold -> new BoringModule(), fold -> trainer())
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("needs a batchSize, or loaders(");
    }
}
