package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Every;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped anywhere and resumed ends bit for bit where it would have ended. */
class ResumeMatrixTest {
    private static final long SEED = 17;
    private static final Map<Reference, Training.Traces> UNDISTURBED = new HashMap<>();

    @TempDir
    Path folder;

    private record Reference(Every interval, int window, Recipe recipe) {}

    enum Place {
        INSIDE_EPOCH(1),
        END_OF_EPOCH(1),
        INSIDE_VALIDATION(1),
        INSIDE_WINDOW(3);

        final int window;

        Place(int window) {
            this.window = window;
        }

        Stopper stopper(boolean byError) {
            return switch (this) {
                case INSIDE_EPOCH -> Stopper.afterBatch(byError, 1, 2);
                case END_OF_EPOCH -> Stopper.afterBatch(byError, 1, ResumeFixture.BATCHES - 1);
                case INSIDE_VALIDATION -> Stopper.afterValidationBatch(byError, 1, 1);
                case INSIDE_WINDOW -> Stopper.afterBatch(byError, 1, 4);
            };
        }
    }

    enum Means {
        REQUEST_STOP,
        ERROR
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Every interval : List.of(Every.steps(1), Every.steps(2), Every.epochs(1))) {
            for (Place place : Place.values()) {
                for (Means means : Means.values()) {
                    for (Recipe recipe : Recipe.values()) {
                        cases.add(Arguments.of(interval, place, means, recipe));
                    }
                }
            }
        }
        return cases.stream();
    }

    /** The seed is given to the first start alone: the second has to find it in the checkpoint. */
    @ParameterizedTest(name = "save {0}, stopped {1} by {2}, {3}")
    @MethodSource("cases")
    void resumedRun_endsWhereAnUndisturbedOneEnds(Every interval, Place place, Means means, Recipe recipe) {
        Training training = Training.of(
                recipe,
                builder -> builder.accumulateGradBatches(place.window).callbacks(ResumeFixture.keepAll(interval)));
        Training seeded = training.and(builder -> builder.seed(SEED));
        Path disturbed = folder.resolve("disturbed");

        if (means == Means.ERROR) {
            seeded.startUntilError(disturbed, place.stopper(true));
        } else {
            FitResult stopped = seeded.start(disturbed, place.stopper(false));
            assertThat(stopped.stopReason()).contains("requestStop");
            assertThat(stopped.resumeFrom()).exists();
        }
        FitResult resumed = training.start(disturbed);

        Training.Traces undisturbed = UNDISTURBED.computeIfAbsent(
                new Reference(interval, place.window, recipe),
                key -> Training.Traces.of(seeded.start(folder.resolve("undisturbed"))));
        assertThat(undisturbed.epochs()).isEqualTo(ResumeFixture.EPOCHS);
        assertThat(Training.Traces.of(resumed)).isEqualTo(undisturbed);
        assertThat(resumed.resumedFromSteps()).hasSize(1);
        assertThat(resumed.resumeFrom()).isNull();
        assertThat(resumed.stepsExecuted() - resumed.globalStep()).isBetween(0L, repeatedSteps(interval, means));
    }

    private static long repeatedSteps(Every interval, Means means) {
        if (means == Means.REQUEST_STOP) {
            return 0;
        }
        return interval.unit() == Every.Unit.EPOCHS ? ResumeFixture.BATCHES : interval.count();
    }
}
