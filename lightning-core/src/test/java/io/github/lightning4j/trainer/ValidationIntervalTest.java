package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a fit validates, and over how much. */
class ValidationIntervalTest {
    private final TestData data = TestData.open();
    private final Validated module = new Validated();
    private final Moments moments = new Moments();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void byDefault_everyEpochIsValidatedAtItsEnd() {
        fit(trainer().maxEpochs(3), 4);

        assertThat(moments.batches).containsExactly(4L, 4L, 4L);
        assertThat(moments.epochs).containsExactly(0L, 1L, 2L);
    }

    @Test
    void everyTwoEpochs_leavesOutTheOthers() {
        fit(trainer().maxEpochs(5).valCheckInterval(Every.epochs(2)), 1);

        assertThat(moments.epochs).containsExactly(1L, 3L);
    }

    @Test
    void aQuarterOfAnEpoch_validatesFourTimes() {
        fit(trainer().maxEpochs(2).valCheckInterval(Every.epochFraction(0.25)), 8);

        assertThat(moments.batches).containsExactly(2L, 4L, 6L, 8L, 2L, 4L, 6L, 8L);
    }

    @Test
    void batches_areCountedFromTheStartOfTheEpoch() {
        fit(trainer().maxEpochs(2).valCheckInterval(Every.batches(3)), 8);

        assertThat(moments.batches).containsExactly(3L, 6L, 3L, 6L);
    }

    @Test
    void fourTimesInEverySecondEpoch_leavesOutTheOthers() {
        fit(trainer().maxEpochs(4).valCheckInterval(Every.epochFraction(0.25).inEveryNthEpoch(2)), 4);

        assertThat(moments.epochs).containsExactly(1L, 1L, 1L, 1L, 3L, 3L, 3L, 3L);
        assertThatThrownBy(() -> Every.steps(3).inEveryNthEpoch(2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("every 3 steps")
                .hasMessageContaining("Every.epochFraction and Every.batches");
    }

    @Test
    void never_validatesNotAtAll() {
        fit(trainer().maxEpochs(2).valCheckInterval(Every.never()), 2);

        assertThat(moments.batches).isEmpty();
    }

    @Test
    void aFractionThatDoesNotDivideTheEpoch_isRoundedDownToBatches() {
        fit(trainer().valCheckInterval(Every.epochFraction(0.35)), 10);

        assertThat(moments.batches).containsExactly(3L, 6L, 9L);
    }

    @Test
    void aFractionBelowOneBatch_validatesAfterEveryBatch() {
        fit(trainer().valCheckInterval(Every.epochFraction(0.1)), 3);

        assertThat(moments.batches).containsExactly(1L, 2L, 3L);
    }

    @Test
    void steps_areCountedOverTheWholeRun() {
        fit(trainer().maxEpochs(2).valCheckInterval(Every.steps(3)), 4);

        assertThat(moments.steps).containsExactly(3L, 6L);
        assertThat(moments.batches).containsExactly(3L, 2L);
    }

    @Test
    void steps_areOptimizerSteps() {
        fit(trainer().accumulateGradBatches(2).valCheckInterval(Every.steps(2)), 9);

        assertThat(moments.steps).containsExactly(2L, 4L);
        assertThat(moments.batches).containsExactly(4L, 8L);
    }

    @Test
    void aSkippedBatch_doesNotValidateTheSameStepAgain() {
        module.skipOdd = true;

        fit(trainer().valCheckInterval(Every.steps(1)), 6);

        assertThat(moments.steps).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aTime_isCheckedAfterEachBatch() {
        fit(trainer().valCheckInterval(Every.duration(Duration.ofNanos(1))), 3);

        assertThat(moments.batches).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aFractionOfAnEpochOfUnknownLength_isRefused() {
        Iterable<Batch> unknown = data.batches(new float[] {1})::iterator;

        assertThatThrownBy(() -> trainer()
                        .valCheckInterval(Every.epochFraction(0.5))
                        .build()
                        .fit(module, unknown, data.ones(1, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not know its length");
    }

    @Test
    void theSanityCheck_takesItsBatchesAndIsItsOwnStage() {
        trainer().numSanityValSteps(2).build().fit(module, data.ones(1, 1), data.ones(5, 1));

        assertThat(module.seen)
                .startsWith("SANITY_CHECK 0/0", "SANITY_CHECK 0/1", "VALIDATE 0/0")
                .hasSize(2 + 5);
    }

    @Test
    void allSanityBatches_meansAll() {
        trainer().numSanityValSteps(-1).build().fit(module, data.ones(1, 1), data.ones(3, 1));

        assertThat(module.seen).filteredOn(each -> each.startsWith("SANITY")).hasSize(3);
    }

    @Test
    void aSanityCheckLongerThanTheData_takesWhatThereIs() {
        trainer().numSanityValSteps(10).build().fit(module, data.ones(1, 1), data.ones(2, 1));

        assertThat(module.seen).filteredOn(each -> each.startsWith("SANITY")).hasSize(2);
    }

    @Test
    void severalLoaders_areReadOneAfterTheOther() {
        trainer().build().fit(module, data.ones(1, 1), List.of(data.ones(2, 1), data.ones(1, 1), data.ones(1, 1)));

        assertThat(module.seen).containsExactly("VALIDATE 0/0", "VALIDATE 0/1", "VALIDATE 1/0", "VALIDATE 2/0");
    }

    @Test
    void aLimit_appliesToEachLoader() {
        trainer()
                .limitValBatches(Limit.fraction(0.5))
                .build()
                .fit(module, data.ones(1, 1), List.of(data.ones(4, 1), data.ones(2, 1)));

        assertThat(module.seen).containsExactly("VALIDATE 0/0", "VALIDATE 0/1", "VALIDATE 1/0");
    }

    @Test
    void aLimitOfNone_switchesValidationOff() {
        trainer()
                .numSanityValSteps(2)
                .limitValBatches(Limit.batches(0))
                .build()
                .fit(module, data.ones(2, 1), data.ones(2, 1));

        assertThat(module.seen).isEmpty();
        assertThat(moments.batches).isEmpty();
    }

    @Test
    void aStandaloneValidation_obeysItsLimitToo() {
        trainer().limitValBatches(Limit.batches(1)).build().validate(module, data.ones(3, 1), data.ones(3, 1));

        assertThat(module.seen).containsExactly("VALIDATE 0/0", "VALIDATE 1/0");
    }

    @Test
    void aLoaderWithoutBatches_isAnError() {
        Iterable<Batch> none = List.<Batch>of()::iterator;

        assertThatThrownBy(() -> trainer().build().fit(module, data.ones(1, 1), none))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Loader 0")
                .hasMessageContaining("gave no batch");
    }

    @Test
    void aFractionOfTheEpoch_thatIsAWholeNumberOfBatches_isExact() {
        fit(trainer().maxEpochs(1).valCheckInterval(Every.epochFraction(2.0 / 49)), 49);

        assertThat(moments.batches).startsWith(2L, 4L, 6L).hasSize(24);
    }

    private Trainer.Builder trainer() {
        return Trainers.quiet().callbacks(moments);
    }

    private void fit(Trainer.Builder trainer, int batches) {
        trainer.build().fit(module, data.ones(batches, 1), data.ones(1, 1));
    }

    /** Notes what it validates on. */
    private static final class Validated extends WeightModule {
        final List<String> seen = new ArrayList<>();
        boolean skipOdd;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return skipOdd && batchIndex % 2 == 1 ? null : super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
            seen.add(run().stage() + " " + loaderIndex + "/" + batchIndex);
        }
    }

    /** Notes where the fit stood at each validation. */
    private static final class Moments implements Callback {
        final List<Long> epochs = new ArrayList<>();
        final List<Long> batches = new ArrayList<>();
        final List<Long> steps = new ArrayList<>();

        @Override
        public void onValidationStart(Run run) {
            if (run.stage() == Stage.VALIDATE) {
                epochs.add(run.epoch());
                batches.add(run.batchesDone());
                steps.add(run.globalStep());
            }
        }
    }
}
