package io.github.lightning4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.Tensors;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every loss against its formula in float64: where it is almost 0, where it is huge, and where its arrays are wrong. */
class LossEdgesTest {
    private static final double[] MAGNITUDES = {
        0, 1e-6, 0.1, 1, 5, 10, 12, 15, 16, 17, 18, 20, 25, 30, 50, 80, 85, 100, 1000, 9999, 10_000
    };

    private enum Loss {
        CROSS_ENTROPY(
                "crossEntropy",
                Losses::crossEntropy,
                (x, y) -> softPlus(y == 1 ? -x : x),
                (x, y) -> y == 1 ? -sigmoid(-x) : sigmoid(x),
                Math.ulp(1f)),
        BCE_WITH_LOGITS(
                "bceWithLogits",
                Losses::bceWithLogits,
                (x, y) -> softPlus(y == 1 ? -x : x),
                (x, y) -> y == 1 ? -sigmoid(-x) : sigmoid(x),
                Float.MIN_NORMAL),
        L1("l1", Losses::l1, (x, y) -> Math.abs(x - y), (x, y) -> Math.signum(x - y), Float.MIN_NORMAL),
        MSE("mse", Losses::mse, (x, y) -> (x - y) * (x - y), (x, y) -> 2 * (x - y), Float.MIN_NORMAL);

        private final String method;
        private final BinaryOperator<NDArray> loss;
        private final DoubleBinaryOperator value;
        private final DoubleBinaryOperator slope;
        private final double smallest;

        /** @param smallest what may be lost: cross entropy rounds the share of the right class, as torch's does */
        Loss(
                String method,
                BinaryOperator<NDArray> loss,
                DoubleBinaryOperator value,
                DoubleBinaryOperator slope,
                double smallest) {
            this.method = method;
            this.loss = loss;
            this.value = value;
            this.slope = slope;
            this.smallest = smallest;
        }
    }

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void everyLossWithoutSettings_isTriedHere_andEveryOtherAgainstFigures() {
        Set<String> figures =
                Reference.load(getClass(), "torch-figures.json").getAsJsonObject("cases").keySet().stream()
                        .map(name -> name.split(" ")[0])
                        .collect(Collectors.toSet());
        assertThat(figures)
                .containsAll(
                        Arrays.stream(Loss.values()).map(loss -> loss.method).toList());
        assertThat(Arrays.stream(Losses.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .collect(Collectors.toSet()))
                .isEqualTo(figures);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void everyLoss_forAnyLogitAndBothTargets_hasTheValueAndTheGradientOfFloat64(DataType type) {
        for (Loss loss : Loss.values()) {
            for (double magnitude : MAGNITUDES) {
                for (int target = 0; target < 2; target++) {
                    assertExact(loss, type, magnitude, target);
                    assertExact(loss, type, -magnitude, target);
                }
            }
        }
    }

    private void assertExact(Loss loss, DataType type, double logit, int target) {
        try (NDManager step = manager.newSubManager();
                GradMode recording = GradMode.recording()) {
            boolean classes = loss == Loss.CROSS_ENTROPY;
            NDArray wide =
                    classes ? step.create(new double[] {0, logit}, new Shape(1, 2)) : step.create(new double[] {logit});
            NDArray prediction = wide.toType(type, true);
            double exact = prediction.toType(DataType.FLOAT64, true).toDoubleArray()[classes ? 1 : 0];
            NDArray label = classes
                    ? step.create(new long[] {target})
                    : step.create(new double[] {target}).toType(type, true);
            prediction.setRequiresGradient(true);
            NDArray value = loss.loss.apply(prediction, label);
            GradMode.backward(value);
            double[] gradient =
                    prediction.getGradient().toType(DataType.FLOAT64, true).toDoubleArray();
            String at = loss + " of " + logit + " for target " + target;
            assertClose(at, Tensors.toDouble(value), loss.value.applyAsDouble(exact, target), loss, type);
            assertClose(
                    "gradient of " + at,
                    gradient[gradient.length - 1],
                    loss.slope.applyAsDouble(exact, target),
                    loss,
                    type);
        }
    }

    private static void assertClose(String what, double seen, double expected, Loss loss, DataType type) {
        double digits = type == DataType.FLOAT32 ? 1e-6 : 1e-14;
        double lost = type == DataType.FLOAT32 || loss.smallest == Float.MIN_NORMAL ? loss.smallest : Math.ulp(1.0);
        assertThat(seen).as(what).isCloseTo(expected, within(lost + digits * Math.abs(expected)));
    }

    @Test
    void everyLoss_ofAPredictionOfIntegers_saysSo() {
        for (Loss loss : Loss.values()) {
            for (DataType type : new DataType[] {DataType.INT64, DataType.INT32, DataType.UINT8, DataType.BOOLEAN}) {
                NDArray integers =
                        manager.zeros(new Shape(2, 2), DataType.INT64).toType(type, true);
                NDArray labels = loss == Loss.CROSS_ENTROPY ? manager.zeros(new Shape(2), DataType.INT64) : integers;
                assertThatThrownBy(() -> loss.loss.apply(integers, labels))
                        .as("%s of %s", loss, type)
                        .isExactlyInstanceOf(DataException.class)
                        .hasMessageStartingWith("Losses." + loss.method + " got a prediction of type ")
                        .hasMessageContaining("toType(DataType.FLOAT32, false)");
                assertThatThrownBy(() -> loss.loss.apply(integers, manager.zeros(new Shape(2, 2))))
                        .as("%s of %s, swapped", loss, type)
                        .hasMessageContaining("swapped");
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void everyLoss_ofNull_saysWhichArgument() {
        NDArray array = manager.zeros(new Shape(2, 2));
        for (Loss loss : Loss.values()) {
            assertThatThrownBy(() -> loss.loss.apply(array, null))
                    .isExactlyInstanceOf(DataException.class)
                    .hasMessageStartingWith("Losses." + loss.method + " got null in place of the labels");
            assertThatThrownBy(() -> loss.loss.apply(null, array))
                    .isExactlyInstanceOf(DataException.class)
                    .hasMessageStartingWith("Losses." + loss.method + " got null in place of the prediction");
        }
    }

    @Test
    void everyLossOfNumbers_takesIntegerAndBooleanTargets() {
        NDArray prediction = manager.create(new float[] {0.25f, -3, 2});
        NDArray target = manager.create(new float[] {0, 1, 1});
        for (Loss loss : Loss.values()) {
            if (loss == Loss.CROSS_ENTROPY) {
                continue;
            }
            float expected = loss.loss.apply(prediction, target).getFloat();
            for (DataType type : new DataType[] {DataType.INT64, DataType.INT32, DataType.UINT8, DataType.BOOLEAN}) {
                assertThat(loss.loss
                                .apply(prediction, target.toType(type, true))
                                .getFloat())
                        .as("%s for targets of %s", loss, type)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void crossEntropy_withClassesOnTheLastAxis_saysHowToFlatten() {
        NDArray logits = manager.zeros(new Shape(4, 7, 3));
        NDArray labels = manager.zeros(new Shape(4, 7), DataType.INT64);
        assertThatThrownBy(() -> Losses.crossEntropy(logits, labels))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(4, 7, 3)")
                .hasMessageContaining("logits.reshape(-1, 3) and labels.flatten()");
        assertThatThrownBy(() -> Losses.crossEntropy(logits, labels.reshape(4, 7, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("classAxis(-1)");
        assertThat(Losses.crossEntropy(logits.reshape(-1, 3), labels.flatten()).getFloat())
                .isCloseTo((float) Math.log(3), within(1e-6f));
    }

    private static double softPlus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}
