package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.fixture.FakeOptimizer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradientsTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private final TrainedParameters parameters =
            TrainedParameters.of(TorchReference.load("torch-optim.json"), DataType.FLOAT64);
    private final Optimizer sgd = SGD.builder(parameters.list()).build();

    @AfterEach
    void close() {
        sgd.close();
        parameters.close();
    }

    @Test
    void norms_areThoseOfAllElements() {
        gradients(3, 4);

        assertThat(Gradients.norm(sgd, 2)).isCloseTo(Math.sqrt(6 * 9 + 4 * 16), within(1e-12));
        assertThat(Gradients.norm(sgd, 1)).isEqualTo(34);
        assertThat(Gradients.norm(sgd, INFINITY)).isEqualTo(4);
    }

    @Test
    void clipNorm_returnsTheNormBefore() {
        gradients(3, 4);

        assertThat(Gradients.clipNorm(sgd, 2, INFINITY, true)).isEqualTo(4);
        assertThat(Gradients.norm(sgd, INFINITY)).isCloseTo(2, within(1e-6));
        assertThat(Gradients.clipNorm(sgd, 100)).isCloseTo(Gradients.norm(sgd, 2), within(1e-12));
    }

    @Test
    void clipValue_limitsElements() {
        gradients(3, -4);

        Gradients.clipValue(sgd, 3.5);

        assertThat(Gradients.norm(sgd, 1)).isEqualTo(6 * 3 + 4 * 3.5);
    }

    @Test
    void nonFiniteNorm_throwsBeforeAnythingIsChanged_namingTheFirstParameter() {
        gradients(3, Double.NaN);

        assertThatThrownBy(() -> Gradients.clipNorm(sgd, 1, 2, true))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("'p1'")
                .hasMessageContaining("NaN");
        assertThat(TrainedParameters.numbers(parameters.gradients().defined().get("p0")))
                .containsOnly(3);
        assertThat(Gradients.clipNorm(sgd, 1)).isNaN();
    }

    @Test
    void otherOptimizers_areServedToo() {
        gradients(3, 4);
        Optimizer djl =
                Optimizers.djl(ai.djl.training.optimizer.Optimizer.adam().build(), parameters.list());
        Optimizer other = new FakeOptimizer("other", sgd.paramGroups());

        assertThat(Gradients.norm(djl, 1)).isEqualTo(34);
        assertThat(Gradients.norm(other, 1)).isEqualTo(34);
        djl.close();
    }

    @Test
    void badBounds_areRefused() {
        assertThatThrownBy(() -> Gradients.clipNorm(sgd, 0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Gradients.norm(sgd, -1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> Gradients.clipValue(sgd, Double.NaN)).isInstanceOf(ConfigurationException.class);
    }

    private void gradients(double first, double second) {
        NDArray like0 = parameters.list().valueAt(0).getArray();
        NDArray like1 = parameters.list().valueAt(1).getArray();
        parameters.gradients(List.of(
                parameters.manager().full(like0.getShape(), (float) first, DataType.FLOAT64),
                parameters.manager().full(like1.getShape(), (float) second, DataType.FLOAT64)));
    }
}
