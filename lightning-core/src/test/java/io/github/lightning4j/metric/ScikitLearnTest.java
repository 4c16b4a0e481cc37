package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.loss.Losses;
import java.util.Locale;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every figure of sklearn-metrics.json, which scikit-learn made. */
class ScikitLearnTest {
    private static final Offset<Double> TOLERANCE = within(1e-6);
    private static final JsonObject FIGURES = Reference.load(ScikitLearnTest.class, "sklearn-metrics.json");

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void multiclass_equalsScikitLearn() {
        JsonObject figures = FIGURES.getAsJsonObject("multiclass");
        NDArray logits = matrix(figures.getAsJsonArray("logits"));
        NDArray labels = manager.create(Reference.longs(figures.get("target")));

        assertEqual(figures, "accuracy", value(new Accuracy(5), logits, labels));
        Accuracy ofTwo = Accuracy.multiclass(5).topK(2).average(Average.MICRO).build();
        assertEqual(figures, "top2_accuracy", value(ofTwo, logits, labels));
        for (Average average : new Average[] {Average.MICRO, Average.MACRO, Average.WEIGHTED}) {
            String name = average.name().toLowerCase(Locale.ROOT);
            Precision precision = Precision.multiclass(5).average(average).build();
            assertEqual(figures.getAsJsonObject("precision"), name, value(precision, logits, labels));
            Recall recall = Recall.multiclass(5).average(average).build();
            assertEqual(figures.getAsJsonObject("recall"), name, value(recall, logits, labels));
            F1Score f1 = F1Score.multiclass(5).average(average).build();
            assertEqual(figures.getAsJsonObject("f1"), name, value(f1, logits, labels));
        }
        assertEqual(figures, "cohen_kappa", value(CohenKappa.multiclass(5).build(), logits, labels));
        assertEqual(figures, "matthews", value(MatthewsCorrCoef.multiclass(5).build(), logits, labels));
        assertThat((double) Losses.crossEntropy(logits, labels).getFloat())
                .isCloseTo(figures.get("cross_entropy_mean").getAsDouble(), TOLERANCE);

        ConfusionMatrix matrix = ConfusionMatrix.multiclass(5).build();
        matrix.update(logits, labels);
        assertThat(matrix.value().numbers())
                .isEqualTo(figures.getAsJsonArray("confusion_matrix_rows_true").asList().stream()
                        .flatMap(row -> row.getAsJsonArray().asList().stream())
                        .map(JsonElement::getAsDouble)
                        .toList());
    }

    @Test
    void binary_equalsScikitLearn() {
        JsonObject figures = FIGURES.getAsJsonObject("binary");
        NDArray scores = manager.create(Reference.floats(figures.get("score")));
        NDArray labels = manager.create(Reference.longs(figures.get("target")));

        assertEqual(figures, "accuracy_at_0", value(new Accuracy(2), scores, labels));
        assertEqual(figures, "auroc", value(AUROC.binary().logits().build(), scores, labels));
        assertEqual(
                figures,
                "average_precision",
                value(AveragePrecision.binary().logits().build(), scores, labels));
        assertEqual(figures, "f1_at_0", value(F1Score.binary().logits().build(), scores, labels));
    }

    @Test
    void regression_equalsScikitLearn() {
        JsonObject figures = FIGURES.getAsJsonObject("regression");
        NDArray predictions = matrix(figures.getAsJsonArray("prediction"));
        NDArray target = matrix(figures.getAsJsonArray("target"));

        assertEqual(figures, "mse", value(new MeanSquaredError(), predictions, target));
        assertEqual(figures, "rmse", value(new RootMeanSquaredError(), predictions, target));
        assertEqual(figures, "mae", value(new MeanAbsoluteError(), predictions, target));
        assertEqual(figures, "r2_uniform_average", value(new R2Score(2), predictions, target));
        assertEqual(figures, "explained_variance", value(new ExplainedVariance(2), predictions, target));
        Function<NDArray, NDArray> column = all -> all.get(":, 0");
        assertEqual(
                figures, "pearson_col0", value(new PearsonCorrCoef(), column.apply(predictions), column.apply(target)));
    }

    private static double value(BatchMetric metric, NDArray predictions, NDArray labels) {
        try (metric) {
            metric.update(predictions, labels);
            return metric.compute();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertEqual(JsonObject figures, String name, double value) {
        assertThat(value).as(name).isCloseTo(figures.get(name).getAsDouble(), TOLERANCE);
    }

    private NDArray matrix(JsonArray rows) {
        float[][] values = new float[rows.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Reference.floats(rows.get(i));
        }
        return manager.create(values);
    }
}
