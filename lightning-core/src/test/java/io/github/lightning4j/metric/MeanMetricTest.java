package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.testing.States;
import org.junit.jupiter.api.Test;

class MeanMetricTest {
    @Test
    void compute_weighsEachNumber() {
        MeanMetric mean = new MeanMetric();
        mean.update(1, 8);
        mean.update(2, 2);
        assertThat(mean.compute()).isEqualTo(1.2);
        mean.update(3);
        assertThat(mean.compute()).isEqualTo(15.0 / 11);
    }

    @Test
    void compute_ofNothing_isNotANumber() {
        MeanMetric mean = new MeanMetric();
        mean.update(5);
        mean.reset();
        assertThat(mean.compute()).isNaN();
    }

    @Test
    void update_readsArraysOfOneElement() {
        try (NDManager manager = NDManager.newBaseManager()) {
            MeanMetric mean = new MeanMetric();
            mean.update(manager.create(0.25f), 1);
            mean.update(manager.create(new int[] {3}), 1);
            assertThat(mean.compute()).isEqualTo(1.625);
            assertThatThrownBy(() -> mean.update(manager.zeros(new Shape(2)), 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("(2)");
        }
    }

    @Test
    void update_withAWeightThatIsNone_refusesIt() {
        MeanMetric mean = new MeanMetric();
        assertThatThrownBy(() -> mean.update(1, -1)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> mean.update(1, Double.NaN)).isInstanceOf(DataException.class);
    }

    @Test
    void load_goesOnWhereSaveStopped() {
        MeanMetric saved = new MeanMetric();
        saved.update(1, 8);
        MeanMetric loaded = new MeanMetric();
        loaded.load(States.saved(saved));
        loaded.update(2, 2);
        assertThat(loaded.compute()).isEqualTo(1.2);
    }
}
