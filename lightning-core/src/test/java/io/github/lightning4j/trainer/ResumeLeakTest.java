package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.Malloc;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.optim.SGD;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving and restoring over and over leaves nothing behind in native memory. */
class ResumeLeakTest {
    /** What the JVM itself takes and gives back meanwhile. A tensor leaked each time would be over twice as much. */
    private static final long TOLERANCE = 24 << 20;

    @TempDir
    Path directory;

    /** One layer with width x width weights. */
    private static final class Wide extends LightningModule {
        private final Block layer;

        Wide(int width) {
            layer = addChildBlock("layer", Linear.builder().setUnits(width).build());
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return call(layer, batch.getData()).head().square().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).momentum(0.9).build();
        }
    }

    private static Training training(int width) {
        return new Training(
                () -> new Wide(width),
                manager -> DataLoader.of(TensorDataset.of(manager.ones(new Shape(100, width))), 1),
                manager -> List.of(),
                builder -> builder.loggers());
    }

    /** Each start does one batch of a window, so that gradients are restored too. Weights: 1 MB. */
    @Test
    void restoringFiftyTimes_leaksNothing() {
        Training training = training(512).and(builder -> builder.accumulateGradBatches(7));
        long allocated = 0;
        NativeMemory before = null;
        for (int i = -10; i < 50; i++) {
            if (i == 0) {
                System.gc();
                before = NativeMemory.now();
                allocated = Malloc.allocated();
            }
            assertThat(training.start(directory, Stopper.afterBatch(false, 0, i + 10))
                            .resumeFrom())
                    .isNotNull();
        }
        System.gc();
        assertThat(NativeMemory.now()).isEqualTo(before);
        assertThat(Malloc.allocated() - allocated).isLessThan(TOLERANCE);
    }

    /** Weights: 64 kB. */
    @Test
    void savingAThousandTimes_leaksNothing() {
        Training training = training(128)
                .and(builder -> builder.maxEpochs(-1)
                        .backgroundCheckpoints(true)
                        .callbacks(ModelCheckpoint.builder().everyNTrainSteps(1).build()));
        training.and(builder -> builder.maxSteps(100)).start(directory);
        System.gc();
        NativeMemory before = NativeMemory.now();
        long allocated = Malloc.allocated();
        training.and(builder -> builder.maxSteps(1100)).start(directory);
        System.gc();
        assertThat(NativeMemory.now()).isEqualTo(before);
        assertThat(Malloc.allocated() - allocated).isLessThan(TOLERANCE);
    }
}
