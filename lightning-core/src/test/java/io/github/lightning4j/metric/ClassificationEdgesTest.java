package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.testing.States;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What metrics of scores do with batches that are empty, ignored, undefined or wrong. */
class ClassificationEdgesTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static List<BatchMetric> binary() {
        return List.of(
                AUROC.binary().ignoreIndex(-1).build(),
                AveragePrecision.binary().ignoreIndex(-1).thresholds(4).build(),
                ROC.binary().ignoreIndex(-1).build(),
                ROC.binary().ignoreIndex(-1).thresholds(0.2, 0.5).build(),
                PrecisionRecallCurve.binary().ignoreIndex(-1).build(),
                CalibrationError.binary().ignoreIndex(-1).build(),
                HingeLoss.binary().ignoreIndex(-1).build(),
                F1Score.binary().ignoreIndex(-1).build(),
                CohenKappa.binary().ignoreIndex(-1).build());
    }

    @TestFactory
    Stream<DynamicTest> withoutAnythingThatCounts_theValueIsUndefined() {
        return binary().stream()
                .map(metric -> dynamicTest(metric.getClass().getSimpleName(), () -> {
                    metric.update(manager.zeros(new Shape(0)), manager.zeros(new Shape(0)));
                    metric.update(manager.create(new float[] {0.3f, 0.7f}), manager.create(new long[] {-1, -1}));
                    assertThat(metric.value().numbers()).allMatch(number -> Double.isNaN(number));
                }));
    }

    @TestFactory
    Stream<DynamicTest> notANumber_isRefused_unlessItsLabelIsIgnored() {
        return binary().stream()
                .map(metric -> dynamicTest(metric.getClass().getSimpleName(), () -> {
                    MetricValue before = metric.value();
                    NDArray scores = manager.create(new float[] {0.3f, Float.NaN});
                    assertThatThrownBy(() -> metric.update(scores, manager.create(new long[] {0, 1})))
                            .isInstanceOf(DataException.class)
                            .hasMessageContaining("NaN");
                    assertThat(metric.value()).as("nothing was added").isEqualTo(before);
                    metric.update(scores, manager.create(new long[] {0, -1}));
                }));
    }

    @Test
    void scoresOutsideOfProbabilities_areRefused_withTheRemedy() {
        NDArray scores = manager.create(new float[] {0.3f, 1.5f});
        NDArray labels = manager.create(new long[] {0, 1});
        for (BatchMetric metric : binary()) {
            assertThatThrownBy(() -> metric.update(scores, labels))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("1.5", "logits()");
        }
        AUROC ofLogits = AUROC.binary().logits().build();
        ofLogits.update(scores, labels);
        assertThat(ofLogits.compute()).isEqualTo(1);
    }

    @Test
    void shapesAndDtypesThatDoNotFit_areRefused() {
        NDArray labels = manager.create(new long[] {0, 1});
        assertThatThrownBy(() -> AUROC.multiclass(3).build().update(manager.zeros(new Shape(2, 4)), labels))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("(2, 4)", "scores (N, 3)");
        assertThatThrownBy(() -> AUROC.binary().build().update(labels, labels))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("int64");
        assertThatThrownBy(() -> ROC.multilabel(3).build().update(manager.zeros(new Shape(2)), labels))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(N, 3)");
    }

    @Test
    void thresholds_areChecked() {
        for (double[] wrong : new double[][] {{}, {0.5, 0.5}, {0.5, 0.2}, {-0.1}, {1.1}, {Double.NaN}}) {
            assertThatThrownBy(() -> ROC.binary().thresholds(wrong)).isInstanceOf(ConfigurationException.class);
        }
        assertThatThrownBy(() -> ROC.binary().thresholds(1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> AUROC.multiclass(3).average(Average.MICRO)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void statesOfOtherOptions_areNotLoaded() {
        AUROC binned = AUROC.binary().thresholds(5).build();
        assertThatThrownBy(() ->
                        binned.load(States.saved(AUROC.binary().thresholds(7).build())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("7 thresholds", "has 5");
        assertThatThrownBy(() -> CalibrationError.binary()
                        .build()
                        .load(States.saved(CalibrationError.binary().bins(3).build())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("3 bins");
    }

    @Test
    void furtherAxes_areSamples() {
        NDArray scores = manager.randomUniform(0, 1, new Shape(4, 3, 5));
        NDArray labels = manager.arange(20).mod(3).reshape(4, 5);
        AUROC deep = AUROC.multiclass(3).average(Average.NONE).build();
        deep.update(scores, labels);
        AUROC flat = AUROC.multiclass(3).average(Average.NONE).build();
        flat.update(scores.transpose(0, 2, 1).reshape(20, 3), labels.reshape(20));
        assertThat(deep.value()).isEqualTo(flat.value());
    }
}
