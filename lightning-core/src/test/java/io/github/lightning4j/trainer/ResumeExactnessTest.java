package io.github.lightning4j.trainer;

import static io.github.lightning4j.trainer.ResumeFixture.keepAll;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Every;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.Sources;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.trainer.ResumeFixture.Cnn;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resuming where the matrix of stops does not reach: other data, other schedules of validation, other traps. */
class ResumeExactnessTest {
    private static final Training CNN =
            Training.of(Recipe.ADAM_WITH_ONE_CYCLE, builder -> builder.callbacks(keepAll(Every.steps(3))));
    private static final Training SEEDED = CNN.and(builder -> builder.seed(5));

    @TempDir
    Path folder;

    /** Stops a run in its second epoch, once by request and once by an error, and compares the ends. */
    private void assertExact(Training training) {
        Path disturbed = folder.resolve("disturbed");
        training.start(disturbed, Stopper.afterBatch(false, 1, 2));
        training.startUntilError(disturbed, Stopper.afterBatch(true, 1, 5));
        FitResult resumed = training.start(disturbed);
        FitResult undisturbed = training.start(folder.resolve("undisturbed"));

        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
        assertThat(resumed.resumedFromSteps()).hasSize(2);
    }

    @Test
    void seedThatWasDrawn_isCarried() {
        Path disturbed = folder.resolve("disturbed");
        FitResult first = CNN.start(disturbed, Stopper.afterBatch(false, 1, 2));
        FitResult resumed = CNN.start(disturbed);
        FitResult undisturbed = CNN.and(builder -> builder.seed(first.seed())).start(folder.resolve("undisturbed"));

        assertThat(resumed.seed()).isEqualTo(first.seed());
        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
    }

    @Test
    void garbageCollectionInsideSteps_changesNothing() {
        Path disturbed = folder.resolve("disturbed");
        Training collecting = SEEDED.with(() -> new Cnn(Recipe.ADAM_WITH_ONE_CYCLE) {
            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                NDArray loss = super.trainingStep(batch, batchIndex);
                System.gc();
                for (int i = 0; i < 50; i++) {
                    ByteBuffer.allocateDirect(64).putLong(0, -1L);
                }
                return loss;
            }
        });
        collecting.startUntilError(disturbed, Stopper.afterBatch(true, 1, 2));
        FitResult resumed = collecting.start(disturbed);
        FitResult undisturbed = SEEDED.start(folder.resolve("undisturbed"));

        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
    }

    @Test
    void augmentedImages_areDrawnAlike() {
        assertExact(SEEDED.with(ResumeFixture::augmentedTrain));
    }

    @Test
    void iterableThatCannotBePositioned_isFastForwarded() {
        try (LogLines log = LogLines.capture()) {
            assertExact(SEEDED.with(ResumeExactnessTest::plainBatches));
            assertThat(log.messages()).anyMatch(line -> line.contains("cannot be positioned: 3 batches"));
        }
    }

    /** The loader's batches of seed 0 as an iterable of which nothing else is known. */
    private static Iterable<Batch> plainBatches(NDManager manager) {
        DataLoader loader = ResumeFixture.train(manager);
        return loader::iterator;
    }

    @Test
    void datasetOfDjl_isShuffledAlike() {
        assertExact(SEEDED.with(manager -> Sources.of(djlDataset(manager))));
    }

    private static ArrayDataset djlDataset(NDManager manager) {
        NDArray images =
                manager.arange(55 * 36f).reshape(new Shape(55, 1, 6, 6)).div(55 * 36f);
        return new ArrayDataset.Builder()
                .setData(images)
                .optLabels(manager.arange(55).mod(3).toType(ai.djl.ndarray.types.DataType.INT64, false))
                .setSampling(8, true)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps", "fraction"})
    void validationInsideEpochs_goesOnWhereItWas(String unit) {
        Every interval = unit.equals("steps") ? Every.steps(3) : Every.epochFraction(0.4);
        Training training = new Training(
                SEEDED.module(),
                SEEDED.train(),
                manager -> List.of(ResumeFixture.val(manager), DataLoader.of(ResumeFixture.dataset(manager, 9, 3), 4)),
                SEEDED.options().andThen(builder -> builder.valCheckInterval(interval)));
        Path disturbed = folder.resolve("disturbed");
        training.start(disturbed, Stopper.afterValidationBatch(false, 0, 1));
        training.start(disturbed, Stopper.afterBatch(false, 1, 2));
        training.startUntilError(disturbed, Stopper.afterValidationBatch(true, 2, 2));
        FitResult resumed = training.start(disturbed);
        FitResult undisturbed = training.start(folder.resolve("undisturbed"));

        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
    }

    @Test
    void decisionToStop_isSaved() {
        Training training = SEEDED.and(builder -> builder.maxEpochs(9)
                .callbacks(EarlyStopping.builder("val_loss")
                        .minDelta(100)
                        .patience(2)
                        .build()));
        Path disturbed = folder.resolve("disturbed");
        training.start(disturbed, Stopper.afterBatch(false, 2, 6));
        FitResult resumed = training.start(disturbed);
        FitResult again = training.start(disturbed);
        FitResult undisturbed = training.start(folder.resolve("undisturbed"));

        assertThat(undisturbed.stopReason()).contains("has not improved");
        assertThat(undisturbed.epochs()).isEqualTo(3);
        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
        assertThat(Training.Traces.of(again)).isEqualTo(Training.Traces.of(undisturbed));
    }

    @Test
    void backgroundSaving_savesTheSame() {
        Training background = SEEDED.and(builder -> builder.backgroundCheckpoints(true));
        Path disturbed = folder.resolve("disturbed");
        background.start(disturbed, Stopper.afterBatch(false, 1, 2));
        background.startUntilError(disturbed, Stopper.afterBatch(true, 1, 5));
        FitResult resumed = background.start(disturbed);
        FitResult undisturbed = SEEDED.start(folder.resolve("undisturbed"));

        assertThat(Training.Traces.of(resumed)).isEqualTo(Training.Traces.of(undisturbed));
    }

    // What must not be exact, so that the comparisons above are known to see it.

    @Test
    void loaderNotPositioned_endsElsewhere() {
        Path disturbed = folder.resolve("disturbed");
        SEEDED.start(disturbed, Stopper.afterBatch(false, 1, 2));
        FitResult resumed = SEEDED.with(manager -> new Unpositioned(ResumeFixture.train(manager)))
                .start(disturbed);
        FitResult undisturbed = SEEDED.start(folder.resolve("undisturbed"));

        assertThat(resumed.globalStep()).isEqualTo(undisturbed.globalStep());
        assertThat(resumed.weightsSha256()).isNotEqualTo(undisturbed.weightsSha256());
    }

    /** Gives as many batches as are left of an epoch, but its first ones. */
    private record Unpositioned(BatchSource source) implements BatchSource {
        @Override
        public long batchCount() {
            return source.batchCount();
        }

        @Override
        public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
            BatchCursor cursor = source.open(manager, seeds, epoch, 0);
            long[] left = {source.batchCount() - skip};
            return new BatchCursor() {
                @Override
                public boolean hasNext() {
                    return left[0] > 0;
                }

                @Override
                public Batch next() {
                    left[0]--;
                    return cursor.next();
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }
    }

    /** Unshuffled, so that dropout alone depends on the seed. */
    @Test
    void otherSeedWithDropout_endsElsewhere() {
        Training training = SEEDED.with(manager -> DataLoader.of(ResumeFixture.dataset(manager, 55, 1), 8));
        Path disturbed = folder.resolve("disturbed");
        training.start(disturbed, Stopper.afterBatch(false, 1, 2));
        FitResult undisturbed = training.start(folder.resolve("undisturbed"));
        FitResult resumed;
        try (LogLines log = LogLines.capture()) {
            resumed = training.and(builder -> builder.seed(6)).start(disturbed);
            assertThat(log.messages()).anyMatch(line -> line.contains("started with seed 5 and goes on with seed 6"));
        }

        assertThat(resumed.globalStep()).isEqualTo(undisturbed.globalStep());
        assertThat(resumed.weightsSha256()).isNotEqualTo(undisturbed.weightsSha256());
    }

    // Gradients of an unfinished window

    /** The gradient of a weight is the negated mean of the data: of zeros, -0.0. */
    private static final class Negated extends WeightModule {
        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return batch.getData()
                    .head()
                    .reshape(1)
                    .mul(weight.getArray())
                    .neg()
                    .mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(1).momentum(0.9).build();
        }
    }

    @Test
    void negativeZeroAmongGradients_keepsItsSign() {
        Training training = new Training(
                Negated::new,
                manager ->
                        DataLoader.of(io.github.lightning4j.data.TensorDataset.of(manager.zeros(new Shape(8, 1))), 1),
                manager -> List.of(),
                builder -> builder.seed(1).accumulateGradBatches(4).maxEpochs(1).callbacks(keepAll(Every.steps(1))));
        Path twice = folder.resolve("twice");
        training.start(twice, Stopper.afterBatch(false, 0, 0));
        FitResult second = training.start(twice, Stopper.afterBatch(false, 0, 1));
        FitResult once = training.start(folder.resolve("once"), Stopper.afterBatch(false, 0, 1));

        assertThat(Float.floatToRawIntBits(gradient(once))).isEqualTo(Float.floatToRawIntBits(-0.0f));
        assertThat(Float.floatToRawIntBits(gradient(second))).isEqualTo(Float.floatToRawIntBits(-0.0f));
        assertThat(Training.Traces.of(training.start(twice)))
                .isEqualTo(Training.Traces.of(training.start(folder.resolve("once"))));
    }

    private static float gradient(FitResult stopped) {
        try (Checkpoint checkpoint = Checkpoint.open(stopped.resumeFrom());
                NDManager manager = NDManager.newBaseManager()) {
            var gradients = checkpoint.state().child("gradient").child("0");
            return gradients.newTensor(gradients.tensorNames().get(0), manager).toFloatArray()[0];
        }
    }
}
