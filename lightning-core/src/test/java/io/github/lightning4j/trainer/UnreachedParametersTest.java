package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parameters that training leaves as they are, because no gradient comes to them, are named. */
class UnreachedParametersTest {
    private enum Middle {
        PLAIN(array -> array),
        DUPLICATE(NDArray::duplicate),
        STOP_GRADIENT(NDArray::stopGradient),
        TO_TYPE(array -> array.toType(DataType.FLOAT64, false).toType(DataType.FLOAT32, false));

        private final UnaryOperator<NDArray> between;

        Middle(UnaryOperator<NDArray> between) {
            this.between = between;
        }
    }

    @TempDir
    Path folder;

    private static final class Net extends LightningModule {
        private final Middle middle;
        private final Block first = addChildBlock(
                "first",
                new SequentialBlock().add(Linear.builder().setUnits(3).build()),
                new Shape(1, TestData.FEATURES));
        private final Block second = addChildBlock(
                "second", Linear.builder().setUnits(TestData.TARGETS).build(), new Shape(1, 3));

        Net(Middle middle, boolean withUnused) {
            this.middle = middle;
            if (withUnused) {
                addChildBlock("unused", Linear.builder().setUnits(2).build(), new Shape(1, 3));
            }
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray hidden = middle.between.apply(call(first, batch.getData()).head());
            return Losses.mse(call(second, hidden), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.01).build();
        }
    }

    private record Stopping(int step) implements Callback {
        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (run.globalStep() == step) {
                run.interrupt("to be resumed");
            }
        }
    }

    private static List<String> warnings(Net net, Trainer.Builder trainer, CkptPath... from) {
        try (TestData data = TestData.open();
                net;
                LogLines lines = LogLines.capture()) {
            if (from.length == 0) {
                trainer.build().fit(net, data.regression(8, 2));
            } else {
                trainer.build().fit(net, data.regression(8, 2), from[0]);
            }
            return lines.messages().stream()
                    .filter(line -> line.startsWith("No batch of the first epoch"))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void whatCutsGradients_isNoticedOnce(Middle middle) {
        assertThat(warnings(new Net(middle, false), Trainers.quiet().maxEpochs(3)))
                .singleElement()
                .asString()
                .contains("[first.0.weight, first.0.bias] a gradient")
                .contains("duplicate(), toType() and stopGradient()");
    }

    @Test
    void aLayerThatIsNeverCalled_isNoticed_unlessItIsFrozen() {
        assertThat(warnings(new Net(Middle.PLAIN, true), Trainers.quiet().maxEpochs(2)))
                .singleElement()
                .asString()
                .contains("[unused.weight, unused.bias]");
        Net frozen = new Net(Middle.DUPLICATE, false);
        frozen.freeze(frozen.first);
        assertThat(warnings(frozen, Trainers.quiet().maxEpochs(2))).isEmpty();
    }

    @Test
    void aNetworkThatTrainsAsAWhole_isNotMentioned() {
        assertThat(warnings(new Net(Middle.PLAIN, false), Trainers.quiet().maxEpochs(2)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aResumedRun_saysItOnce(Middle middle) {
        for (int step : new int[] {2, 6}) {
            Path directory = folder.resolve("" + step);
            List<String> before = warnings(
                    new Net(middle, false),
                    Trainers.quiet().maxEpochs(2).runDirectory(directory).callbacks(new Stopping(step)));
            List<String> after = warnings(
                    new Net(middle, false),
                    Trainers.quiet().maxEpochs(2).runDirectory(directory).callbacks(new Stopping(-1)),
                    CkptPath.last());
            assertThat(before.size() + after.size()).isEqualTo(middle == Middle.PLAIN ? 0 : 1);
        }
    }
}
