package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A callback that interrupts a run saves it, and leaves no trace in what it saves. */
class RunInterruptTest {
    @TempDir
    Path directory;

    @Test
    void interruptedRun_savesItself_andGoesOnWhenResumed() {
        Callback afterTheFirstEpoch = new Callback() {
            @Override
            public void onSavePoint(Run run, SavePoint point) {
                if (point == SavePoint.EPOCH && run.epoch() == 1) {
                    run.interrupt("the machine is needed");
                }
            }
        };

        FitResult interrupted = fit(afterTheFirstEpoch);
        FitResult resumed = fit();

        assertThat(interrupted.stopReason()).isEqualTo("the machine is needed");
        assertThat(interrupted.globalStep()).isEqualTo(4);
        assertThat(resumed.resumedFromSteps()).containsExactly(4L);
        assertThat(resumed.globalStep()).isEqualTo(12);
        assertThat(resumed.stopReason()).isEqualTo("maxEpochs=3 reached");
    }

    private FitResult fit(Callback... callbacks) {
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            return Trainer.builder()
                    .maxEpochs(3)
                    .callbacks(callbacks)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .runDirectory(directory)
                    .autoResume(true)
                    .build()
                    .fit(module, data.ones(4, 1));
        }
    }
}
