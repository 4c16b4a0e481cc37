package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.testing.States;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccuracyTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void compute_overBatchesOfUnequalSize_weighsSamplesNotBatches() {
        Accuracy accuracy = new Accuracy(2);
        update(accuracy, 10, 5);
        update(accuracy, 10, 5);
        update(accuracy, 5, 2);
        assertThat(accuracy.compute()).isEqualTo(12.0 / 25);
    }

    @Test
    void compute_ofMulticlassLogits_equalsScikitLearn() {
        JsonObject expected = Reference.load(getClass(), "sklearn-metrics.json").getAsJsonObject("multiclass");
        NDArray logits = matrix(expected.getAsJsonArray("logits"));
        NDArray labels = manager.create(Reference.longs(expected.get("target")));
        double accuracy = expected.get("accuracy").getAsDouble();

        assertThat(of(5, logits, labels)).isEqualTo(accuracy);
        assertThat(of(5, logits.toType(DataType.FLOAT64, true), labels))
                .as("native argmax")
                .isEqualTo(accuracy);
        assertThat(of(5, logits.transpose().duplicate().transpose(), labels))
                .as("not contiguous")
                .isEqualTo(accuracy);
        assertThat(of(5, logits.argMax(1), labels)).as("class indices").isEqualTo(accuracy);
        long n = labels.size();
        assertThat(of(5, logits.reshape(n, 5, 1), labels.reshape(n, 1)))
                .as("with a further axis")
                .isEqualTo(accuracy);
    }

    @Test
    void compute_ofBinaryLogits_equalsScikitLearnAtThresholdZero() {
        JsonObject expected = Reference.load(getClass(), "sklearn-metrics.json").getAsJsonObject("binary");
        NDArray scores = manager.create(Reference.floats(expected.get("score")));
        NDArray labels = manager.create(Reference.longs(expected.get("target")));
        double accuracy = expected.get("accuracy_at_0").getAsDouble();
        long n = labels.size();

        assertThat(of(2, scores, labels)).isEqualTo(accuracy);
        assertThat(of(2, scores.reshape(n, 1), labels)).isEqualTo(accuracy);
        assertThat(of(2, scores.reshape(n, 1), labels.reshape(n, 1).toType(DataType.FLOAT32, true)))
                .isEqualTo(accuracy);
        assertThat(of(2, scores.toType(DataType.FLOAT64, true), labels.reshape(n, 1)))
                .isEqualTo(accuracy);
        assertThat(of(2, scores.gt(0), labels)).as("booleans").isEqualTo(accuracy);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT64", "INT32", "UINT8", "INT8", "FLOAT16", "FLOAT32", "FLOAT64"})
    void update_takesLabelsOfAnyDtype(DataType type) {
        NDArray logits = manager.create(new float[] {9, 0, 0, 0, 9, 0, 0, 0, 9}, new Shape(3, 3));
        assertThat(of(3, logits, manager.create(new long[] {0, 1, 0}).toType(type, true)))
                .isEqualTo(2.0 / 3);
    }

    @Test
    void update_withEqualOrNotANumberScores_choosesAsTheEngineDoes() {
        float nan = Float.NaN;
        NDArray scores = manager.create(
                new float[] {1, 1, 0, 0, 2, 2, 5, nan, 9, nan, 7, nan, Float.NEGATIVE_INFINITY, -1, -1},
                new Shape(5, 3));
        assertThat(of(3, scores, scores.argMax(1))).isEqualTo(1);
        assertThat(scores.argMax(1).toLongArray()).containsExactly(0, 1, 1, 0, 1);
    }

    @Test
    void update_withAnythingThatDoesNotFit_saysWhat() {
        NDArray logits = manager.zeros(new Shape(4, 3));
        assertRefused(3, logits, manager.create(new long[] {0, 1, 2, 3}), "label 3 at position 3", "3 classes (0..2)");
        assertRefused(3, logits, manager.create(new long[] {0, -1, 2, 2}), "label -1 at position 1");
        assertRefused(3, logits, manager.create(new float[] {0, 0.5f, 2, 2}), "label 0.5 at position 1");
        assertRefused(3, logits, manager.create(new long[] {0, 1, 2}), "(4, 3)", "labels of shape (3)");
        assertRefused(4, logits, manager.create(new long[] {0, 1, 2, 2}), "scores (N, 4)");
        assertRefused(3, logits, manager.zeros(new Shape(4, 3)), "labels of shape (4, 3)");
        assertRefused(3, manager.zeros(new Shape(4)), manager.zeros(new Shape(4)), "dtype float32");
        assertRefused(2, manager.zeros(new Shape(4, 2)), manager.zeros(new Shape(4, 2)), "labels of shape (4, 2)");
        assertRefused(
                3,
                manager.create(new long[] {0, 5}),
                manager.create(new long[] {0, 1}),
                "predicted class 5 at position 1");
    }

    @Test
    void constructor_withFewerThanTwoClasses_refusesIt() {
        assertThatThrownBy(() -> new Accuracy(1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must be 2 or more");
    }

    @Test
    void compute_ofNothing_isNotANumber() {
        Accuracy accuracy = new Accuracy(2);
        update(accuracy, 4, 1);
        accuracy.reset();
        assertThat(accuracy.compute()).isNaN();
    }

    @Test
    void load_goesOnWhereSaveStopped() {
        Accuracy saved = new Accuracy(2);
        update(saved, 10, 5);
        Accuracy loaded = new Accuracy(2);
        loaded.load(States.saved(saved));
        update(loaded, 5, 2);
        assertThat(loaded.compute()).isEqualTo(7.0 / 15);
    }

    @Test
    void load_ofAnOlderCheckpoint_takesRightSamplesAndAll() {
        Stateful older = new Stateful() {
            @Override
            public void save(StateWriter state) {
                state.putLong("correct", 7);
                state.putLong("total", 10);
            }

            @Override
            public void load(StateReader state) {}
        };
        Accuracy loaded = new Accuracy(3);
        loaded.update(manager.create(new long[] {2, 2}), manager.create(new long[] {1, 2}));
        loaded.load(States.saved(older));
        assertThat(loaded.compute()).isEqualTo(0.7);
        loaded.update(manager.create(new long[] {2, 2}), manager.create(new long[] {2, 2}));
        assertThat(loaded.compute()).isEqualTo(9.0 / 12);
    }

    @Test
    void update_leavesNoArrayBehind() {
        NDArray logits = manager.zeros(new Shape(4, 3), DataType.FLOAT64);
        NDArray labels = manager.zeros(new Shape(4), DataType.FLOAT16);
        int before = manager.getManagedArrays().size();
        new Accuracy(3).update(logits, labels);
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    private void assertRefused(int classes, NDArray predictions, NDArray labels, String... parts) {
        Accuracy accuracy = new Accuracy(classes);
        assertThatThrownBy(() -> accuracy.update(predictions, labels))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(parts);
        assertThat(accuracy.compute()).as("nothing was counted").isNaN();
    }

    private static double of(int classes, NDArray predictions, NDArray labels) {
        Accuracy accuracy = new Accuracy(classes);
        accuracy.update(predictions, labels);
        return accuracy.compute();
    }

    private void update(Accuracy accuracy, int size, int right) {
        long[] labels = new long[size];
        for (int i = right; i < size; i++) {
            labels[i] = 1;
        }
        NDArray logits = manager.create(new float[] {1, 0}).tile(size).reshape(size, 2);
        accuracy.update(logits, manager.create(labels));
    }

    private NDArray matrix(JsonArray rows) {
        float[][] values = new float[rows.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = Reference.floats(rows.get(i));
        }
        return manager.create(values);
    }
}
