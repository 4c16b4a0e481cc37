package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A forward pass that fails names the path to the innermost layer and what it was given. */
class ShapeErrorTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void inAChain_theLayerIsFound() {
        SequentialBlock net = new SequentialBlock()
                .add(linear(3))
                .add(Activation::relu)
                .add(expecting(7))
                .add(linear(2));

        named(net, "net.2 (Linear)", "input (4, 3) float32", "mat1 and mat2");
    }

    @Test
    void inChainsWithinBranches_theLayerIsFound() {
        Block branches = new ParallelBlock(
                lists -> new NDList(lists.get(0).head()),
                List.of(
                        new SequentialBlock().add(linear(5)),
                        new SequentialBlock().add(linear(6)).add(expecting(9))));
        SequentialBlock net = new SequentialBlock().add(linear(3)).add(branches).add(linear(2));

        named(net, "net.1.1.1 (Linear)", "input (4, 6) float32", "Make the layer fit the input");
    }

    @Test
    void whereTheBranchesAreJoined_theParallelBlockIsNamed() {
        Block branches = new ParallelBlock(
                lists -> new NDList(lists.get(0).head().add(lists.get(1).head())), List.of(linear(5), linear(6)));
        SequentialBlock net = new SequentialBlock().add(linear(3)).add(branches);

        named(net, "net.1 (ParallelBlock)", "input (4, 3) float32");
    }

    @Test
    void inPrediction_theLayerIsFoundToo() {
        SequentialBlock net = new SequentialBlock().add(linear(3)).add(expecting(7));
        try (Net module = new Net(net)) {
            assertThatThrownBy(() -> Trainers.quiet().build().predict(module, data.regression(4, 4)))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("net.1 (Linear)");
        }
    }

    private void named(Block net, String... parts) {
        try (Net module = new Net(net)) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(4, 4)))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContainingAll(parts)
                    .hasMessageNotContaining("Exception raised from");
        }
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    /** A layer that was made for other inputs than it will get. */
    private Block expecting(int features) {
        Block layer = linear(4);
        layer.initialize(data.manager(), DataType.FLOAT32, new Shape(1, features));
        return layer;
    }

    private static final class Net extends LightningModule {
        Net(Block net) {
            super(net);
        }

        @Override
        protected void initializeChildBlocks(
                ai.djl.ndarray.NDManager manager, DataType dataType, Shape... inputShapes) {
            initialize(getChildren().get(0).getValue(), manager, inputShapes[0]);
        }

        /** Initialises layer by layer, as if every layer's input were of the shape it was made for. */
        private static void initialize(Block block, ai.djl.ndarray.NDManager manager, Shape input) {
            if (block instanceof SequentialBlock || block instanceof ParallelBlock) {
                Shape current = input;
                for (ai.djl.util.Pair<String, Block> child : block.getChildren()) {
                    initialize(child.getValue(), manager, current);
                    if (block instanceof SequentialBlock && child.getValue() instanceof Linear) {
                        current = child.getValue().getOutputShapes(new Shape[] {current})[0];
                    }
                }
            } else if (!block.isInitialized()) {
                block.initialize(manager, DataType.FLOAT32, input);
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return forward(batch.getData()).head().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }
}
