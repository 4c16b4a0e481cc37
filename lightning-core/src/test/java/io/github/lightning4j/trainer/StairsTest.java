package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How far it is from {@code Trainer.fit} to {@code trainingStep}, for whoever reads a stack trace. */
class StairsTest {
    private static final int FRAMES_AT_MOST = 14;

    @Test
    void fromFitToTrainingStep_thereAreFewFrames() {
        List<StackTraceElement> frames = new ArrayList<>();
        try (TestData data = TestData.open();
                BoringModule module = new Looking(frames)) {
            Trainers.quiet().maxEpochs(1).build().fit(module, data.regression(4, 4));
        }

        assertThat(frames).isNotEmpty().hasSizeLessThanOrEqualTo(FRAMES_AT_MOST);
    }

    private static final class Looking extends BoringModule {
        private final List<StackTraceElement> frames;

        Looking(List<StackTraceElement> frames) {
            this.frames = frames;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            frames.clear();
            Arrays.stream(new Throwable().getStackTrace())
                    .skip(1)
                    .takeWhile(frame -> !frame.getClassName().equals(StairsTest.class.getName()))
                    .filter(frame -> frame.getClassName().startsWith("io.github.lightning4j."))
                    .forEach(frames::add);
            frames.forEach(
                    frame -> org.slf4j.LoggerFactory.getLogger(StairsTest.class).debug("{}", frame));
            return super.trainingStep(batch, batchIndex);
        }
    }
}
