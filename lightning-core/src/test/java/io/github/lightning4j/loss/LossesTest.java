package io.github.lightning4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossesTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void crossEntropy_equalsTorchInValueAndGradient() {
        assertEqualsTorch("crossEntropy", Losses::crossEntropy, true);
    }

    @Test
    void l1_equalsTorchInValueAndGradient() {
        assertEqualsTorch("l1", Losses::l1, false);
    }

    @Test
    void mse_equalsTorchInValueAndGradient() {
        assertEqualsTorch("mse", Losses::mse, false);
    }

    @Test
    void bceWithLogits_equalsTorchInValueAndGradient() {
        assertEqualsTorch("bceWithLogits", Losses::bceWithLogits, false);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT64", "INT32", "UINT8", "INT8", "FLOAT32", "FLOAT64"})
    void crossEntropy_takesLabelsOfAnyDtype(DataType type) {
        NDArray logits = manager.create(new float[] {1, 2, 3, 3, 2, 1}, new Shape(2, 3));
        NDArray labels = manager.create(new long[] {2, 1});
        double expected = Tensors.toDouble(Losses.crossEntropy(logits, labels));
        NDArray converted = labels.toType(type, true);
        assertThat(Tensors.toDouble(Losses.crossEntropy(logits, converted))).isEqualTo(expected);
        assertThat(Tensors.toDouble(Losses.crossEntropy(logits, converted.reshape(2, 1))))
                .isEqualTo(expected);
        assertThat(converted.isReleased()).as("the caller's labels").isFalse();
    }

    @Test
    void crossEntropy_withALabelThatIsNoClass_namesItsRow() {
        NDArray logits = manager.zeros(new Shape(5, 10));
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.create(new long[] {0, 9, 3, 10, 11})))
                .isInstanceOf(DataException.class)
                .hasMessage("Losses.crossEntropy got label 10 at row 3 of the batch, but there are 10 classes (0..9).")
                .hasCauseInstanceOf(EngineException.class);
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.create(new int[] {0, -1, 3, 4, 5})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label -1 at row 1 of the batch");
        NDArray pixels = manager.zeros(new Shape(2, 3, 2));
        assertThatThrownBy(() -> Losses.crossEntropy(pixels, manager.create(new long[] {0, 1, 2, 3}, new Shape(2, 2))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 3 at row 1 of the batch, element 1");
    }

    @Test
    void lossesOfLabels_withANegativeLabel_nameIgnoreIndex() {
        NDArray scores = manager.zeros(new Shape(2, 4));
        NDArray padded = manager.create(new long[] {0, -100});
        assertThatThrownBy(() -> Losses.crossEntropy(scores, padded)).hasMessageContaining("ignoreIndex(-100)");
        NDArray paddedOtherwise = manager.create(new long[] {0, -1});
        assertThatThrownBy(() -> Losses.nll(scores, paddedOtherwise)).hasMessageContaining("ignoreIndex(-1)");
    }

    @Test
    void crossEntropy_withFractionalLabels_refusesThem() {
        NDArray logits = manager.zeros(new Shape(2, 4));
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.create(new float[] {1, 3.7f})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at row 1 of the batch")
                .hasMessageContaining("no class index");
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.create(new float[] {Float.NaN, 1})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("NaN at row 0 of the batch");
    }

    @Test
    void crossEntropy_withShapesThatDoNotFit_saysWhichDo() {
        NDArray logits = manager.zeros(new Shape(4, 3));
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.zeros(new Shape(4, 3))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("labels of shape (4) or (4, 1)")
                .hasMessageContaining("argMax(1)");
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.zeros(new Shape(3), DataType.INT64)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(3)");
        assertThatThrownBy(() -> Losses.crossEntropy(manager.zeros(new Shape(4)), manager.zeros(new Shape(4))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(samples, classes)");
        assertThatThrownBy(() -> Losses.crossEntropy(manager.zeros(new Shape(4, 1)), manager.zeros(new Shape(4))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bceWithLogits");
        assertThatThrownBy(() -> Losses.crossEntropy(manager.zeros(new Shape(0, 3)), manager.zeros(new Shape(0))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("hold no value");
    }

    @Test
    void elementwiseLosses_withShapesThatWouldBroadcast_refuseThem() {
        NDArray column = manager.ones(new Shape(4, 1));
        NDArray row = manager.ones(new Shape(4));
        assertThatThrownBy(() -> Losses.l1(column, row))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(4, 1)")
                .hasMessageContaining("(4)");
        assertThatThrownBy(() -> Losses.mse(column, row)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Losses.bceWithLogits(column, row)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Losses.mse(manager.zeros(new Shape(0)), manager.zeros(new Shape(0))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("hold no value");
    }

    @Test
    void bceWithLogits_takesTargetsOfOtherDtypes() {
        NDArray logits = manager.create(new float[] {-1, 0, 2});
        NDArray floats = manager.create(new float[] {0, 1, 1});
        double expected = Tensors.toDouble(Losses.bceWithLogits(logits, floats));
        assertThat(Tensors.toDouble(Losses.bceWithLogits(logits, floats.toType(DataType.INT64, true))))
                .isEqualTo(expected);
        assertThat(Tensors.toDouble(Losses.bceWithLogits(logits, floats.toType(DataType.BOOLEAN, true))))
                .isEqualTo(expected);
        assertThat(floats.isReleased()).isFalse();
    }

    @Test
    void bceWithLogits_withATargetThatIsNoProbability_namesItsRow() {
        NDArray logits = manager.zeros(new Shape(3, 1));
        assertThatThrownBy(() -> Losses.bceWithLogits(logits, manager.create(new float[] {1, -1, 1}, new Shape(3, 1))))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "Losses.bceWithLogits got target -1.0 at row 1 of the batch, but a target is a probability from 0 to 1.");
        assertThatThrownBy(() -> Losses.bceWithLogits(logits, manager.create(new int[] {1, 0, 2}, new Shape(3, 1))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("target 2.0 at row 2 of the batch");
        assertThatThrownBy(() -> Losses.bceWithLogits(manager.create(0f), manager.create(Float.NaN)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("NaN");
        Losses.bceWithLogits(logits, manager.create(new float[] {1.0000001f, 0, 1}, new Shape(3, 1)));
    }

    @Test
    void everyLoss_inFloat64_hasTheGradientOfItsDifferenceQuotient() {
        double[] x = {0.3, -25, 25, 1e-9};
        double[] y = {0.25, 1, 0, 0.5};
        assertSlope(Losses::bceWithLogits, x, y);
        assertSlope(Losses::mse, x, y);
        assertSlope(Losses::l1, x, y);
    }

    @Test
    void gradients_surviveAGarbageCollectionBeforeBackward() {
        NDArray w = manager.create(new float[] {1, -2, 3, 4, 0.5f, -6}, new Shape(2, 3));
        w.setRequiresGradient(true);
        for (BinaryOperator<NDArray> loss : List.<BinaryOperator<NDArray>>of(
                Losses::l1,
                Losses::mse,
                Losses::bceWithLogits,
                (a, b) -> Losses.crossEntropy(a, manager.create(new int[] {2, 0})))) {
            float[] quiet = gradientAfter(loss, w, false);
            float[] disturbed = gradientAfter(loss, w, true);
            assertThat(disturbed).containsExactly(quiet);
        }
    }

    @Test
    void losses_leaveNothingButTheirResultBehind() {
        NDArray logits = manager.zeros(new Shape(4, 3));
        NDArray labels = manager.zeros(new Shape(4), DataType.INT32);
        NDArray target = manager.ones(new Shape(4, 3));
        int before = manager.getManagedArrays().size();
        Losses.crossEntropy(logits, labels);
        Losses.l1(logits, target);
        Losses.mse(logits, target);
        Losses.bceWithLogits(logits, target);
        assertThat(manager.getManagedArrays()).hasSize(before + 4);
    }

    private float[] gradientAfter(BinaryOperator<NDArray> loss, NDArray w, boolean collect) {
        try (MemoryScope scope = MemoryScope.open();
                GradMode mode = GradMode.recording()) {
            NDArray target = manager.create(new float[] {0, 1, 1, 0, 1, 0}, new Shape(2, 3));
            NDArray value = loss.apply(w, target);
            if (collect) {
                churnDirectMemory();
            }
            GradMode.backward(value);
            try (NDArray gradient = w.getGradient()) {
                float[] result = gradient.toFloatArray();
                Tensors.liveView(gradient).put(new byte[result.length * Float.BYTES]);
                return result;
            }
        }
    }

    private static void churnDirectMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int k = 0; k < 5_000; k++) {
                ByteBuffer.allocateDirect(32).putDouble(0, 1e300).putDouble(8, 1e300);
            }
        }
    }

    private void assertSlope(BinaryOperator<NDArray> loss, double[] x, double[] y) {
        double step = 1e-6;
        NDArray target = manager.create(y);
        double[] gradient = gradient(loss, manager.create(x), target);
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += step;
            down[i] -= step;
            double slope = (Tensors.toDouble(loss.apply(manager.create(up), target))
                            - Tensors.toDouble(loss.apply(manager.create(down), target)))
                    / (2 * step);
            assertThat(gradient[i]).isCloseTo(slope, within(1e-7));
        }
    }

    private static double[] gradient(BinaryOperator<NDArray> loss, NDArray prediction, NDArray target) {
        prediction.setRequiresGradient(true);
        try (GradMode mode = GradMode.recording()) {
            GradMode.backward(loss.apply(prediction, target));
        }
        return prediction.getGradient().toDoubleArray();
    }

    private void assertEqualsTorch(String name, BinaryOperator<NDArray> loss, boolean classLabels) {
        for (JsonElement element : Reference.load(getClass(), "torch-loss.json")
                .getAsJsonObject("cases")
                .getAsJsonArray(name)) {
            JsonObject expected = element.getAsJsonObject();
            Shape targetShape = new Shape(Reference.longs(expected.get("target_shape")));
            NDArray prediction = manager.create(
                    Reference.floats(expected.get("prediction")), new Shape(Reference.longs(expected.get("shape"))));
            NDArray target = classLabels
                    ? manager.create(Reference.longs(expected.get("target")), targetShape)
                    : manager.create(Reference.floats(expected.get("target")), targetShape);
            prediction.setRequiresGradient(true);
            try (GradMode mode = GradMode.recording()) {
                NDArray value = loss.apply(prediction, target);
                assertThat(value.getFloat()).isCloseTo(expected.get("loss").getAsFloat(), within(1e-6f));
                GradMode.backward(value);
            }
            assertThat(prediction.getGradient().toFloatArray())
                    .containsExactly(Reference.floats(expected.get("gradient")), within(1e-7f));
        }
    }
}
