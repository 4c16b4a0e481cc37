package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TimerTest {
    private static final Duration PAUSE = Duration.ofMillis(60);

    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    /** Makes every training batch, or every validation, take a while. */
    private static LambdaCallback slow() {
        return LambdaCallback.builder()
                .onTrainBatchStart((run, batch, index) -> pause())
                .onValidationEpochStart(run -> pause())
                .build();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private FitResult fit(Trainer.Builder trainer, Timer timer) {
        try (BoringModule module = new BoringModule()) {
            return trainer.callbacks(timer, slow()).build().fit(module, data.regression(8, 4), data.regression(2, 4));
        }
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "Timer",
                CallbackKit.builder(() ->
                                Timer.builder().duration(Duration.ofHours(1)).build())
                        .beside(() -> Timer.builder().build())
                        .build()
                        .checks());
    }

    @Test
    void duration_endsTheEpochItRunsOutIn() {
        Timer timer = Timer.builder().duration(PAUSE.multipliedBy(4)).build();
        FitResult result = fit(Trainers.quiet().maxEpochs(50), timer);

        assertThat(result.stopReason()).isEqualTo("the duration of the Timer is used up");
        assertThat(result.epochs()).isBetween(1L, 2L);
        assertThat(timer.remaining()).contains(Duration.ZERO);
        assertThat(timer.elapsed(Stage.TRAIN)).isGreaterThan(PAUSE.multipliedBy(4));
    }

    @Test
    void epochInterval_waitsForItsEnd() {
        Timer timer = Timer.builder()
                .duration(Duration.ofMillis(1))
                .interval(Timer.Interval.EPOCH)
                .build();
        FitResult result = fit(Trainers.quiet().maxEpochs(5), timer);

        assertThat(result.globalStep()).isEqualTo(2);
        assertThat(result.epochs()).isEqualTo(1);
    }

    @Test
    void stages_areMeasuredEachForItself() {
        Timer timer = Timer.builder().build();
        fit(Trainers.quiet().numSanityValSteps(1), timer);

        assertThat(timer.remaining()).isEmpty();
        assertThat(timer.elapsed(Stage.SANITY_CHECK)).isGreaterThanOrEqualTo(PAUSE);
        assertThat(timer.elapsed(Stage.VALIDATE)).isGreaterThanOrEqualTo(PAUSE);
        assertThat(timer.elapsed(Stage.TRAIN))
                .isGreaterThan(timer.elapsed(Stage.VALIDATE).plus(PAUSE));
        assertThat(timer.elapsed(Stage.TEST)).isEqualTo(Duration.ZERO);

        Duration trained = timer.elapsed(Stage.TRAIN);
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet().callbacks(timer).build().test(module, data.regression(2, 4));
        }
        assertThat(timer.elapsed(Stage.TEST)).isPositive();
        assertThat(timer.elapsed(Stage.TRAIN)).isEqualTo(trained);
    }

    @Test
    void runItHasEnded_goesOnWithALongerDuration_lessWhatWasUsed() {
        Timer first = Timer.builder().duration(PAUSE).build();
        FitResult ended = fit(resuming(), first);
        assertThat(ended.epochs()).isEqualTo(1);

        FitResult over = fit(resuming(), Timer.builder().duration(PAUSE).build());
        assertThat(over.epochs()).isEqualTo(1);

        Timer longer = Timer.builder().duration(Duration.ofHours(1)).build();
        FitResult more = fit(resuming(), longer);
        assertThat(more.epochs()).isEqualTo(3);
        assertThat(longer.elapsed(Stage.TRAIN))
                .isGreaterThan(first.elapsed(Stage.TRAIN).plus(PAUSE.multipliedBy(4)));
    }

    private Trainer.Builder resuming() {
        return Trainers.quiet()
                .maxEpochs(3)
                .runDirectory(directory)
                .enableCheckpointing(true)
                .callbacks(ModelCheckpoint.builder().build())
                .autoResume(true);
    }

    @Test
    void badOptions_areRefusedAtTheCall() {
        assertThatThrownBy(() -> Timer.builder().duration(Duration.ZERO))
                .hasMessageContaining("Timer duration is PT0S");
    }
}
