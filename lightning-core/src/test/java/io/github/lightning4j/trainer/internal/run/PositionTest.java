package io.github.lightning4j.trainer.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.checkpoint.StateTreeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The order in which a fit's position moves, and what it is in between. */
class PositionTest {
    private final Position position = new Position();

    @Test
    void anEpochOfTwoBatches_movesStepByStep() {
        List<Long> steps = new ArrayList<>();
        position.onStep(steps::add);
        assertThat(position.isAtStart()).isTrue();

        position.epochStarted();
        assertThat(position.isAtStart()).isFalse();
        assertThat(position.isInEpoch()).isTrue();

        trainOn(8);
        assertThat(position.windowBatches()).isOne();
        settle();
        position.batchStarted();
        position.windowGrew();
        position.windowClosed();
        position.stepped();
        position.batchDone(5);
        position.batchLeft();
        settle();
        position.epochDone();

        assertThat(position.epoch()).isOne();
        assertThat(position.batch()).isZero();
        assertThat(position.samples()).isEqualTo(13);
        assertThat(position.windowBatches()).isZero();
        assertThat(position.globalStep()).isOne();
        assertThat(steps).containsExactly(1L);
    }

    @Test
    void afterABatch_aValidationIsPendingThenASavePointThenNothing() {
        position.epochStarted();
        trainOn(4);
        assertThat(position.isValidationPending()).isTrue();
        assertThat(position.isSavePointPending()).isFalse();

        position.validationSettled();
        assertThat(position.isValidationPending()).isFalse();
        assertThat(position.isSavePointPending()).isTrue();

        position.savePointReached();
        assertThat(position.isValidationPending()).isFalse();
        assertThat(position.isSavePointPending()).isFalse();
    }

    @Test
    void aValidation_isAtItsFirstBatchUntilItMovesAndIsRememberedWhenDone() {
        position.epochStarted();
        trainOn(4);
        assertThat(position.isValidatedAtBatch()).isFalse();

        position.validationStarted();
        assertThat(position.isValidating()).isTrue();
        assertThat(position.valLoader()).isZero();
        position.validationAt(1, 3);
        assertThat(position.valLoader()).isOne();
        assertThat(position.valBatch()).isEqualTo(3);
        position.validationDone();

        assertThat(position.isValidating()).isFalse();
        assertThat(position.isValidatedAtBatch()).isTrue();
        assertThat(position.isValidatedAtStep()).isTrue();
    }

    @Test
    void aNewEpoch_isNotValidated() {
        position.epochStarted();
        trainOn(4);
        position.validationStarted();
        position.validationDone();
        settle();
        position.epochDone();

        assertThat(position.isValidatedAtBatch()).isFalse();
    }

    @Test
    void ofSeveralStopReasons_theFirstCountsUntilItIsWithdrawn() {
        position.stopRequested("first");
        position.stopRequested("second");
        position.stopWithdrawn("second");
        assertThat(position.stopReason()).isEqualTo("first");

        position.stopWithdrawn("first");
        assertThat(position.stopReason()).isNull();
    }

    @TestFactory
    Stream<DynamicTest> aVerbThatDoesNotFit_isRefused() {
        return Stream.of(
                refused("windowGrew outside a batch", Position::windowGrew),
                refused("windowClosed without a window", Position::windowClosed),
                refused("batchDone outside an epoch", each -> {
                    each.batchStarted();
                    each.batchDone(1);
                }),
                refused("batchStarted twice", each -> {
                    each.batchStarted();
                    each.batchStarted();
                }),
                refused("epochStarted twice", each -> {
                    each.epochStarted();
                    each.epochStarted();
                }),
                refused("batchDone before what follows the last", each -> {
                    each.epochStarted();
                    each.batchStarted();
                    each.batchDone(1);
                    each.batchDone(1);
                }),
                refused("validationAt without a validation", each -> each.validationAt(0, 1)),
                refused("validationDone without a validation", Position::validationDone),
                refused("validationStarted twice", each -> {
                    each.validationStarted();
                    each.validationStarted();
                }),
                refused("validationSettled without a batch", Position::validationSettled),
                refused("savePointReached without a batch", Position::savePointReached),
                refused("epochDone without an epoch", Position::epochDone),
                refused("epochDone before what follows its last batch", each -> {
                    each.epochStarted();
                    each.batchStarted();
                    each.batchDone(1);
                    each.batchLeft();
                    each.epochDone();
                }));
    }

    private static DynamicTest refused(String name, Consumer<Position> verbs) {
        return DynamicTest.dynamicTest(
                name,
                () -> assertThatThrownBy(() -> verbs.accept(new Position()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("The loop is out of order"));
    }

    @Test
    void aSavedPosition_comesBackInTheMiddleOfEverything() {
        position.epochStarted();
        trainOn(4);
        settle();
        trainOn(4);
        position.stepped();
        position.validationStarted();
        position.validationAt(2, 7);
        position.stopRequested("enough");

        Position restored = new Position();
        StateTreeWriter state = new StateTreeWriter();
        position.save(state);
        restored.load(state.reader());

        StateTreeWriter again = new StateTreeWriter();
        restored.save(again);
        assertThat(restored)
                .usingRecursiveComparison()
                .ignoringFields("stepListener", "insideBatch")
                .isEqualTo(position);
    }

    private void trainOn(int samples) {
        position.batchStarted();
        position.windowGrew();
        position.batchDone(samples);
        position.batchLeft();
    }

    private void settle() {
        position.validationSettled();
        position.savePointReached();
    }
}
