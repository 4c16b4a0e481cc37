package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.BoundingBoxError;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.loss.Loss;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.testing.MetricKit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EvaluatorMetricTest {
    private static final float[] SCORES = {-2, 1, 0.5f, 3, -1, 0.25f, 2, -0.5f, 1.5f, -3, 0.75f, 4};
    private static final float[] LABELS = {0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1};

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @TestFactory
    Stream<DynamicTest> evaluators_passTheKit() {
        List<Supplier<Evaluator>> all =
                List.of(BinaryAccuracy::new, Loss::l1Loss, Loss::l2Loss, Loss::sigmoidBinaryCrossEntropyLoss);
        return all.stream()
                .flatMap(each -> MetricKit.checks(
                                () -> new EvaluatorMetric(each.get()),
                                (metric, of, from, to) -> metric.update(
                                        of.create(Arrays.copyOfRange(SCORES, from, to)),
                                        of.create(Arrays.copyOfRange(LABELS, from, to))))
                        .map(check -> dynamicTest(each.get().getName() + ": " + check.name(), check::run)));
    }

    @Test
    void accuracies_areThoseOfThisLibrary() {
        NDArray logits = manager.randomNormal(new Shape(30, 4));
        NDArray labels = manager.arange(30).mod(4);
        EvaluatorMetric djl = new EvaluatorMetric(new ai.djl.training.evaluator.Accuracy());
        EvaluatorMetric topTwo = new EvaluatorMetric(new TopKAccuracy(2));
        Accuracy own = new Accuracy(4);
        Accuracy ownTwo = Accuracy.multiclass(4).topK(2).average(Average.MICRO).build();
        for (BatchMetric each : List.of(djl, topTwo, own, ownTwo)) {
            each.update(logits.get(":20"), labels.get(":20"));
            each.update(logits.get("20:"), labels.get("20:"));
        }
        assertThat(djl.compute()).isCloseTo(own.compute(), within(1e-6));
        assertThat(topTwo.compute()).isCloseTo(ownTwo.compute(), within(1e-6));
    }

    @Test
    void whatDjlComputesWrongly_isRefused() {
        NDArray column = manager.create(new float[] {0.3f, 0.7f}, new Shape(2, 1));
        NDArray two = manager.create(new float[] {0.3f, 0.7f, 0.6f, 0.4f}, new Shape(2, 2));
        NDArray labels = manager.create(new float[] {0, 1});
        refused(new ai.djl.training.evaluator.Accuracy(), column, column, "BinaryAccuracy");
        refused(Loss.softmaxCrossEntropyLoss(), two, two, "argMax(1)");
        refused(Loss.softmaxCrossEntropyLoss(), two, manager.create(new float[] {0, 0.5f}), "argMax(1)");
        refused(Loss.softmaxCrossEntropyLoss("l", 1, -1, true, false), two, labels, "logits");
        refused(
                Loss.sigmoidBinaryCrossEntropyLoss("l", 1, true),
                labels.mul(0.5).add(0.2),
                labels,
                "logits");
        refused(Loss.hingeLoss(), labels, labels, "-1 and 1");
        refused(Loss.l1Loss("l", 0.5f), labels, labels, "without a weight");
        for (Evaluator other : List.of(Loss.maskedSoftmaxCrossEntropyLoss(), new BoundingBoxError("b"))) {
            assertThatThrownBy(() -> new EvaluatorMetric(other))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("EvaluatorMetric evaluator");
        }
    }

    private static void refused(Evaluator evaluator, NDArray predictions, NDArray labels, String part) {
        EvaluatorMetric metric = new EvaluatorMetric(evaluator);
        assertThatThrownBy(() -> metric.update(predictions, labels))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(part);
        assertThat(metric.compute()).isNaN();
    }
}
