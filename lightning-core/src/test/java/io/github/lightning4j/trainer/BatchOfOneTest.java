package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.util.PairList;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that fail in training alone, which a run in evaluation cannot find. */
class BatchOfOneTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    static Stream<Arguments> nets() {
        return Stream.of(
                Arguments.of(norm(), "net (BatchNorm): Expected", "BatchNorm net "),
                Arguments.of(
                        new SequentialBlock().add(norm()).add(linear()),
                        "net (SequentialBlock): Expected",
                        "BatchNorm net.0 "),
                Arguments.of(chain(norm()), "net.1 (BatchNorm) for input (1, 4) float32: Expected", "BatchNorm net.1 "),
                Arguments.of(
                        chain(GhostBatchNorm.builder().optVirtualBatchSize(4).build()),
                        "net.1 (GhostBatchNorm) for input (1, 4) float32: Expected",
                        "GhostBatchNorm net.1 "),
                Arguments.of(
                        chain(chain(norm())),
                        "net.1.1 (BatchNorm) for input (1, 4) float32: Expected",
                        "BatchNorm net.1.1 "),
                Arguments.of(
                        chain(new ParallelBlock(lists -> lists.get(1), List.of(linear(), norm()))),
                        "net.1.1 (BatchNorm) for input (1, 4) float32: Expected",
                        "BatchNorm net.1.1 "),
                Arguments.of(
                        chain(new Composite()),
                        "net.1 (Composite) for input (1, 4) float32: Expected",
                        "BatchNorm net.1.norm "),
                Arguments.of(
                        chain(new Net(chain(norm()))),
                        "net.1 (BatchNorm) for input (1, 4) float32: Expected",
                        "BatchNorm net.1 "));
    }

    @ParameterizedTest
    @MethodSource("nets")
    void batchNormOnALastBatchOfOne_isNamedWithTheRemedy(Block net, String where, String norm) {
        NDArray x = data.manager().randomNormal(new Shape(5, 4));
        NDArray y = data.manager().zeros(new Shape(5, 4));
        Net module = new Net(net);

        assertThatThrownBy(() -> trainer().fit(module, DataLoader.of(TensorDataset.of(x, y), 4)))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("forward failed in " + where)
                .hasMessageContaining(norm + "cannot be trained on a batch of one sample")
                .hasMessageContaining("dropLast(true) of the DataLoader");
    }

    @Test
    void lookingForTheLayer_movesNoRunningStatistics() {
        NDArray x = data.manager().ones(new Shape(1, 1, 2, 2));
        NDArray y = data.manager().zeros(new Shape(1, 4));
        Net module = new Net(new SequentialBlock()
                .add(norm())
                .add(Blocks.batchFlattenBlock())
                .add(norm()));

        assertThatThrownBy(() -> trainer().fit(module, DataLoader.of(TensorDataset.of(x, y), 1)))
                .hasMessageContaining("forward failed in net.2 (BatchNorm)");
        NDArray mean = module.buffers().get("net.0.running_mean").getArray();
        assertThat(mean.toFloatArray()[0]).isCloseTo(0.1f, within(1e-6f));
    }

    private static Trainer trainer() {
        return Trainers.quiet().maxEpochs(1).build();
    }

    private static Block norm() {
        return BatchNorm.builder().build();
    }

    private static Block linear() {
        return Linear.builder().setUnits(4).build();
    }

    private static SequentialBlock chain(Block second) {
        return new SequentialBlock().add(linear()).add(second).add(linear());
    }

    private static final class Net extends LightningModule {
        private final Block net;

        Net(Block net) {
            this.net = addChildBlock("net", net);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.mse(
                    call(net, batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    /** A block of a user's own, into which nobody can look. */
    private static final class Composite extends AbstractBlock {
        private final Block norm = addChildBlock("norm", norm());

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            return norm.forward(store, inputs, training);
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
            norm.initialize(manager, dataType, inputShapes);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }
}
