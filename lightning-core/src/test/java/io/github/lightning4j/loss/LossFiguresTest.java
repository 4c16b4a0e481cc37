package io.github.lightning4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TensorFigure;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every loss in every reduction against torch's values and gradients, in float64 and float32. */
class LossFiguresTest {
    private static final JsonObject CASES =
            Reference.load(LossFiguresTest.class, "torch-figures.json").getAsJsonObject("cases");

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void everyFigure_hasItsLoss() {
        assertThat(losses().keySet()).isEqualTo(CASES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyLoss_hasTorchsValueAndGradients() {
        return losses().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT32)) {
                        try (NDManager step = NDManager.newBaseManager()) {
                            assertFigure(step, entry.getKey(), entry.getValue(), type);
                        }
                    }
                }));
    }

    private static void assertFigure(NDManager manager, String name, Function<NDArray[], NDArray> loss, DataType type) {
        JsonObject figure = CASES.getAsJsonObject(name);
        NDArray[] inputs = TensorFigure.listOf(figure.get("inputs")).stream()
                .map(input -> input.toArray(manager, type))
                .toArray(NDArray[]::new);
        List<TensorFigure> gradients = TensorFigure.listOf(figure.get("gradients"));
        for (int i = 0; i < gradients.size(); i++) {
            inputs[i].setRequiresGradient(true);
        }
        try (GradMode recording = GradMode.recording()) {
            NDArray value = loss.apply(inputs);
            assertThat(value.getDataType()).isEqualTo(type);
            TensorFigure.of(figure.get("output")).assertEquals(name, value);
            GradMode.backward(value);
        }
        for (int i = 0; i < gradients.size(); i++) {
            gradients.get(i).assertEquals("gradient " + i + " of " + name, inputs[i].getGradient());
        }
    }

    private static Map<String, Function<NDArray[], NDArray>> losses() {
        Map<String, Function<NDArray[], NDArray>> losses = new LinkedHashMap<>();
        for (LossReduction reduction : LossReduction.values()) {
            String r = " " + reduction.name().toLowerCase(Locale.ROOT);
            addClassLosses(losses, r, reduction);
            addBinaryLosses(losses, r, reduction);
            addRegressionLosses(losses, r, reduction);
            addMarginLosses(losses, r, reduction);
            losses.put("ctc" + r, a -> Losses.ctc(a[0], a[1], a[2], a[3], 1, reduction));
        }
        losses.put("klDiv batchmean", a -> Losses.klDiv(a[0], a[1]));
        losses.put("quantile", a -> Losses.quantile(a[0], a[1], 0.1, 0.5, 0.9));
        return losses;
    }

    private static void addClassLosses(
            Map<String, Function<NDArray[], NDArray>> losses, String r, LossReduction reduction) {
        CrossEntropyOptions plain =
                CrossEntropyOptions.builder().reduction(reduction).build();
        CrossEntropyOptions weighted = weighted(reduction).build();
        CrossEntropyOptions smooth = weighted(reduction).labelSmoothing(0.1).build();
        CrossEntropyOptions all =
                weighted(reduction).labelSmoothing(0.1).ignoreIndex(2).build();
        CrossEntropyOptions ignoring = CrossEntropyOptions.builder()
                .ignoreIndex(1)
                .reduction(reduction)
                .build();
        CrossEntropyOptions last =
                CrossEntropyOptions.builder().classAxis(-1).reduction(reduction).build();
        CrossEntropyOptions ofNll = weighted(reduction).ignoreIndex(0).build();
        CrossEntropyOptions second =
                CrossEntropyOptions.builder().classAxis(2).reduction(reduction).build();
        losses.put("crossEntropy" + r, a -> Losses.crossEntropy(a[0], a[1], plain));
        losses.put("crossEntropy weights" + r, a -> Losses.crossEntropy(a[0], a[1], weighted));
        losses.put("crossEntropy smoothing weights ignore" + r, a -> Losses.crossEntropy(a[0], a[1], all));
        losses.put("crossEntropy images" + r, a -> Losses.crossEntropy(a[0], a[1], ignoring));
        losses.put("crossEntropy sequence" + r, a -> Losses.crossEntropy(a[0], a[1], last));
        losses.put("crossEntropy probabilities" + r, a -> Losses.crossEntropy(a[0], a[1], smooth));
        losses.put("crossEntropy sequence probabilities" + r, a -> Losses.crossEntropy(a[0], a[1], last));
        losses.put("nll" + r, a -> Losses.nll(a[0], a[1], ofNll));
        losses.put("nll sequence" + r, a -> Losses.nll(a[0], a[1], second));
    }

    private static CrossEntropyOptions.Builder weighted(LossReduction reduction) {
        return CrossEntropyOptions.builder().classWeights(0.1, 2.3, 1.25, 0).reduction(reduction);
    }

    private static void addBinaryLosses(
            Map<String, Function<NDArray[], NDArray>> losses, String r, LossReduction reduction) {
        BceOptions weighted = BceOptions.builder()
                .weight(1, 0.3, 2)
                .posWeight(3.1, 1, 0.25)
                .reduction(reduction)
                .build();
        BceOptions one = BceOptions.builder().posWeight(3).reduction(reduction).build();
        losses.put("bce" + r, a -> Losses.bce(a[0], a[1], reduction));
        losses.put("bceWithLogits" + r, a -> Losses.bceWithLogits(a[0], a[1], weighted));
        losses.put("bceWithLogits one posWeight" + r, a -> Losses.bceWithLogits(a[0], a[1], one));
        losses.put("focal" + r, a -> Losses.focal(a[0], a[1], 0.25, 2, reduction));
        losses.put("multiLabelSoftMargin" + r, a -> Losses.multiLabelSoftMargin(a[0], a[1], reduction));
    }

    private static void addRegressionLosses(
            Map<String, Function<NDArray[], NDArray>> losses, String r, LossReduction reduction) {
        losses.put("l1" + r, a -> Losses.l1(a[0], a[1], reduction));
        losses.put("mse" + r, a -> Losses.mse(a[0], a[1], reduction));
        losses.put("smoothL1" + r, a -> Losses.smoothL1(a[0], a[1], 0.5, reduction));
        losses.put("huber" + r, a -> Losses.huber(a[0], a[1], 0.5, reduction));
        losses.put("klDiv" + r, a -> Losses.klDiv(a[0], a[1], reduction));
        losses.put("poissonNll" + r, a -> Losses.poissonNll(a[0], a[1], reduction));
        losses.put("gaussianNll" + r, a -> Losses.gaussianNll(a[0], a[1], a[2], reduction));
        losses.put("gaussianNll column" + r, a -> Losses.gaussianNll(a[0], a[1], a[2], reduction));
    }

    private static void addMarginLosses(
            Map<String, Function<NDArray[], NDArray>> losses, String r, LossReduction reduction) {
        losses.put("hingeEmbedding" + r, a -> Losses.hingeEmbedding(a[0], a[1], 0.75, reduction));
        losses.put("softMargin" + r, a -> Losses.softMargin(a[0], a[1], reduction));
        losses.put("multiMargin 1" + r, a -> Losses.multiMargin(a[0], a[1], 1, 0.75, reduction));
        losses.put("multiMargin 2" + r, a -> Losses.multiMargin(a[0], a[1], 2, 1, reduction));
        losses.put("marginRanking" + r, a -> Losses.marginRanking(a[0], a[1], a[2], 0.1, reduction));
        losses.put("cosineEmbedding" + r, a -> Losses.cosineEmbedding(a[0], a[1], a[2], 0.2, reduction));
        losses.put("tripletMargin" + r, a -> Losses.tripletMargin(a[0], a[1], a[2], 0.8, 2, reduction));
        losses.put("multiLabelMargin" + r, a -> Losses.multiLabelMargin(a[0], a[1], reduction));
    }

    @Test
    void everyLossWithSettings_ofShapesThatDoNotFit_isOneClearError() {
        NDArray four = manager.ones(new Shape(4, 3));
        NDArray three = manager.ones(new Shape(3, 3));
        NDArray row = manager.ones(new Shape(4));
        NDArray classes = manager.zeros(new Shape(3), DataType.INT64);
        LossReduction mean = LossReduction.MEAN;
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Losses.crossEntropy(four, classes, CrossEntropyOptions.DEFAULT),
                () -> Losses.crossEntropy(four, row, last()),
                () -> Losses.nll(four, classes),
                () -> Losses.multiMargin(four, classes, 1, 1, mean),
                () -> Losses.bceWithLogits(
                        four, three, BceOptions.builder().posWeight(2).build()),
                () -> Losses.bce(four, three),
                () -> Losses.focal(four, three, 0.25, 2, mean),
                () -> Losses.l1(four, three, mean),
                () -> Losses.mse(four, three, mean),
                () -> Losses.smoothL1(four, three, 1, mean),
                () -> Losses.huber(four, three, 1, mean),
                () -> Losses.klDiv(four, three),
                () -> Losses.klDiv(four, three, mean),
                () -> Losses.poissonNll(four, three, mean),
                () -> Losses.gaussianNll(four, three, four, mean),
                () -> Losses.gaussianNll(four, four, three, mean),
                () -> Losses.hingeEmbedding(four, three, 1, mean),
                () -> Losses.softMargin(four, three, mean),
                () -> Losses.marginRanking(four, four, three, 0, mean),
                () -> Losses.cosineEmbedding(four, four, four, 0, mean),
                () -> Losses.tripletMargin(four, four, three, 1, 2, mean),
                () -> Losses.multiLabelMargin(four, classes, mean),
                () -> Losses.multiLabelSoftMargin(four, three, mean),
                () -> Losses.quantile(four, row, 0.1, 0.9),
                () -> Losses.ctc(four, classes, classes, classes, 0, mean))) {
            assertThatThrownBy(call).isExactlyInstanceOf(DataException.class).hasMessageStartingWith("Losses.");
        }
    }

    private static CrossEntropyOptions last() {
        return CrossEntropyOptions.builder().classAxis(3).build();
    }

    @Test
    void weightsOfTheWrongLength_areNamed() {
        NDArray logits = manager.zeros(new Shape(2, 3));
        NDArray labels = manager.zeros(new Shape(2), DataType.INT64);
        CrossEntropyOptions two =
                CrossEntropyOptions.builder().classWeights(1, 2).build();
        assertThatThrownBy(() -> Losses.crossEntropy(logits, labels, two))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 class weights")
                .hasMessageContaining("3 classes");
        assertThatThrownBy(() -> Losses.nll(logits, labels, two)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Losses.crossEntropy(logits, manager.zeros(new Shape(2, 3)), two))
                .isInstanceOf(DataException.class);
        for (BceOptions options : List.of(
                BceOptions.builder().posWeight(1, 2).build(),
                BceOptions.builder().weight(1, 2).build())) {
            assertThatThrownBy(() -> Losses.bceWithLogits(logits, logits, options))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("has 2 values of ");
        }
    }

    @Test
    void labelsOutOfRange_areNamedWithTheirRow() {
        NDArray logits = manager.zeros(new Shape(3, 4));
        NDArray labels = manager.create(new long[] {0, 4, 1});
        CrossEntropyOptions ignoring =
                CrossEntropyOptions.builder().ignoreIndex(7).build();
        List<ThrowingCallable> calls = new ArrayList<>();
        calls.add(() -> Losses.crossEntropy(logits, labels, ignoring));
        calls.add(() -> Losses.crossEntropy(logits, labels.toType(DataType.INT32, true), ignoring));
        calls.add(() -> Losses.nll(logits, labels));
        calls.add(() -> Losses.multiMargin(logits, labels, 1, 1, LossReduction.SUM));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isExactlyInstanceOf(DataException.class)
                    .hasMessageContaining("got label 4 at row 1 of the batch, but there are 4 classes (0..3)");
        }
        assertThat(Losses.crossEntropy(logits, manager.create(new long[] {7, 7, 3}), ignoring)
                        .getFloat())
                .isEqualTo((float) Math.log(4));
        NDArray many = manager.create(new long[] {0, -1, -1, -1, 1, -1, -1, -1, 4, -1, -1, -1}, new Shape(3, 4));
        assertThatThrownBy(() -> Losses.multiLabelMargin(logits, many, LossReduction.SUM))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 4 at row 2 of the batch, element 0");
        NDArray frames = manager.zeros(new Shape(5, 3, 4));
        NDArray one = manager.ones(new Shape(3), DataType.INT64);
        NDArray six = manager.full(new Shape(3), 6, DataType.INT64);
        NDArray targets = labels.reshape(3, 1);
        assertThatThrownBy(() -> Losses.ctc(frames, targets, one, one, 0, LossReduction.SUM))
                .hasMessageContaining("label 4 at row 1 of the batch");
        assertThatThrownBy(() -> Losses.ctc(frames, one.reshape(3, 1), six, one, 0, LossReduction.SUM))
                .hasMessageContaining("input length 6 at row 0 of the batch");
        assertThatThrownBy(() -> Losses.ctc(frames, one.reshape(3, 1), one, six, 0, LossReduction.SUM))
                .hasMessageContaining("target length 6 at row 0 of the batch");
    }

    @Test
    void targetsThatAreNoSigns_andProbabilitiesOutsideOfTheirRange_areNamed() {
        NDArray x = manager.create(new float[] {0.5f, 2});
        NDArray zeroOne = manager.create(new float[] {1, 0});
        LossReduction mean = LossReduction.MEAN;
        for (NDArray targets : List.of(zeroOne, zeroOne.toType(DataType.INT64, true))) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> Losses.hingeEmbedding(x, targets, 1, mean),
                    () -> Losses.softMargin(x, targets, mean),
                    () -> Losses.marginRanking(x, x, targets, 0, mean),
                    () -> Losses.cosineEmbedding(x.reshape(2, 1), x.reshape(2, 1), targets, 0, mean))) {
                assertThatThrownBy(call)
                        .isExactlyInstanceOf(DataException.class)
                        .hasMessageContaining("target 0 at row 1 of the batch, but a target is 1 or -1");
            }
        }
        assertThatThrownBy(() -> Losses.bce(x, zeroOne))
                .isExactlyInstanceOf(DataException.class)
                .hasMessageContaining("a prediction of 2 at row 1 of the batch");
        assertThatThrownBy(() -> Losses.gaussianNll(x, x, x.mul(-1), mean))
                .isExactlyInstanceOf(DataException.class)
                .hasMessageContaining("variance -0.5 at row 0 of the batch");
    }

    @Test
    void settingsOutsideOfTheirRange_areRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> CrossEntropyOptions.builder().labelSmoothing(1.5))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> CrossEntropyOptions.builder().classWeights(1, -1))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> CrossEntropyOptions.builder().classAxis(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> BceOptions.builder().posWeight(Double.NaN)).isInstanceOf(ConfigurationException.class);
        NDArray x = manager.ones(new Shape(2, 3));
        CrossEntropyOptions smooth =
                CrossEntropyOptions.builder().labelSmoothing(0.1).build();
        assertThatThrownBy(() -> Losses.nll(x, manager.zeros(new Shape(2), DataType.INT64), smooth))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Losses.crossEntropy");
        assertThatThrownBy(() -> Losses.quantile(x, manager.ones(new Shape(2)), 0.1, 1, 0.5))
                .isInstanceOf(ConfigurationException.class);
    }
}
