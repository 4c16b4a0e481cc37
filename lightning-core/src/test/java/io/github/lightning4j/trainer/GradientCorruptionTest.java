package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.benchmark.GradientStress;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.JavaGarbage;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * DJL makes arrays from Java numbers over direct buffers and closes them at once, while the autograd graph still refers
 * to that memory. Java may free it before backward; here it is made to.
 */
class GradientCorruptionTest {
    private static final int ROUNDS = 3;
    private static final float[] WEIGHTS = {0.4f, -1.3f, 2.6f, -0.2f, 3.1f, 0.9f};
    private static final Map<String, Operation> OPERATIONS = operations();

    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    /** What is done with w, of shape (2, 3), in a step. */
    private interface Operation {
        NDArray apply(Subject module, NDArray w, Batch batch);
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> all = new LinkedHashMap<>();
        all.put("mul(number)", (m, w, b) -> w.mul(3f));
        all.put("div(number)", (m, w, b) -> w.div(3f));
        all.put("add(number).square", (m, w, b) -> w.add(3f).square());
        all.put("pow(number)", (m, w, b) -> w.pow(3));
        all.put("sub(number).square.mean", (m, w, b) -> w.sub(1).square().mean());
        all.put("neg", (m, w, b) -> w.neg());
        all.put("mul(full)", (m, w, b) -> w.mul(b.getData().getManager().full(w.getShape(), 3f)));
        all.put("L2 loss", (m, w, b) -> loss(Loss.l2Loss(), w, b));
        all.put("L1 loss", (m, w, b) -> loss(Loss.l1Loss(), w, b));
        all.put("sigmoid BCE loss", (m, w, b) -> loss(Loss.sigmoidBinaryCrossEntropyLoss(), w, b));
        all.put(
                "softmax CE loss",
                (m, w, b) -> Loss.softmaxCrossEntropyLoss()
                        .evaluate(new NDList(b.getData().getManager().create(new long[] {2, 0})), new NDList(w)));
        all.put("hinge loss", (m, w, b) -> loss(Loss.hingeLoss(), w, b));
        all.put("BatchNorm", (m, w, b) -> m.through(m.batchNorm, w));
        all.put("LayerNorm", (m, w, b) -> m.through(m.layerNorm, w));
        all.put("clip", (m, w, b) -> w.clip(-1, 1));
        all.put("leakyRelu", (m, w, b) -> Activation.leakyRelu(w, 0.1f));
        all.put("gelu", (m, w, b) -> Activation.gelu(w));
        all.put("swish", (m, w, b) -> Activation.swish(w, 1.5f));
        all.put("mish", (m, w, b) -> Activation.mish(w));
        all.put("maximum(number)", (m, w, b) -> w.maximum(2));
        all.put("div(number).softmax", (m, w, b) -> w.div(2).softmax(1));
        all.put("mul(closed array from numbers)", (m, w, b) -> {
            try (NDArray factor = b.getData().getManager().create(new float[] {1, 2, 3, 4, 5, 6}, w.getShape())) {
                return w.mul(factor);
            }
        });
        return all;
    }

    private static NDArray loss(Loss loss, NDArray w, Batch batch) {
        return loss.evaluate(batch.getLabels(), new NDList(w));
    }

    static List<String> names() {
        return List.copyOf(OPERATIONS.keySet());
    }

    @Test
    void thereAreTwentyTwoOperations() {
        assertThat(OPERATIONS).hasSize(22);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCollectionBetweenForwardAndBackward_leavesTheGradientAlone(String operation) {
        try (Subject module = new Subject(OPERATIONS.get(operation))) {
            NDArray x = data.manager().create(new float[] {0.5f, -2, 1, 3, -1, 1.5f}, new Shape(2, 3));
            NDArray y = data.manager().create(new float[] {1, -1, 1, -1, 1, 1}, new Shape(2, 3));

            Trainers.quiet().maxEpochs(2 + ROUNDS).build().fit(module, DataLoader.of(TensorDataset.of(x, y), 2));

            List<float[]> disturbed = module.gradients.subList(2, 2 + ROUNDS);
            float[] undisturbed = module.gradients.get(1);
            assertThat(disturbed).allSatisfy(gradient -> assertThat(gradient).containsExactly(undisturbed));
            assertThat(undisturbed).isNotEqualTo(new float[6]);
        }
    }

    @Test
    void twoThousandStepsAmongGarbage_giveTheSameGradientEveryTime() {
        assertThat(GradientStress.wrongGradients(2000, 100)).isZero();
    }

    /** One parameter w, an operation on it, and a collection before every backward but the first two. */
    private static final class Subject extends LightningModule {
        final Block batchNorm = addChildBlock("batchNorm", BatchNorm.builder().build(), new Shape(2, 3));
        final Block layerNorm = addChildBlock("layerNorm", LayerNorm.builder().build(), new Shape(2, 3));
        final List<float[]> gradients = new ArrayList<>();
        private final Parameter w = addParameter(Parameter.builder()
                .setName("w")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(2, 3))
                .optInitializer((manager, shape, type) -> manager.create(WEIGHTS, shape))
                .build());
        private final Operation operation;

        Subject(Operation operation) {
            this.operation = operation;
        }

        NDArray through(Block block, NDArray input) {
            return call(block, input);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray result = operation.apply(this, w.getArray(), batch);
            return result.size() == 1
                    ? result
                    : result.mul(batch.getData().head()).sum();
        }

        @Override
        public void onBeforeBackward(NDArray loss) {
            // The first backward of all makes the gradient, and leaves -0.0 where later ones add up to 0.0.
            if (gradients.size() >= 2) {
                JavaGarbage.collectAndOverwrite();
            }
        }

        @Override
        public void onAfterBackward() {
            gradients.add(w.getArray().getGradient().toFloatArray());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0).build();
        }
    }
}
