package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.fixture.FakeOptimizer;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.DjlOptimizer;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.TorchReference;
import io.github.lightning4j.optim.TrainedParameters;
import java.util.List;
import java.util.Map;
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

        assertThat(sgd.gradients().norm(2)).isCloseTo(Math.sqrt(6 * 9 + 4 * 16), within(1e-12));
        assertThat(sgd.gradients().norm(1)).isEqualTo(34);
        assertThat(sgd.gradients().norm(INFINITY)).isEqualTo(4);
    }

    @Test
    void clipNorm_returnsTheNormBefore() {
        gradients(3, 4);

        assertThat(sgd.gradients().clipNorm(2, INFINITY, true)).isEqualTo(4);
        assertThat(sgd.gradients().norm(INFINITY)).isCloseTo(2, within(1e-6));
        assertThat(sgd.gradients().clipNorm(100)).isCloseTo(sgd.gradients().norm(2), within(1e-12));
    }

    @Test
    void clipValue_limitsElements() {
        gradients(3, -4);

        sgd.gradients().clipValue(3.5);

        assertThat(sgd.gradients().norm(1)).isEqualTo(6 * 3 + 4 * 3.5);
    }

    @Test
    void nonFiniteNorm_throwsBeforeAnythingIsChanged_namingTheFirstParameter() {
        gradients(3, Double.NaN);

        assertThatThrownBy(() -> sgd.gradients().clipNorm(1, 2, true))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("'p1'")
                .hasMessageContaining("NaN");
        assertThat(gradient("p0")).containsOnly(3);
        assertThat(sgd.gradients().clipNorm(1)).isNaN();
    }

    @Test
    void otherOptimizers_areServedToo() {
        gradients(3, 4);
        Optimizer djl =
                DjlOptimizer.of(ai.djl.training.optimizer.Optimizer.adam().build(), parameters.list());
        Optimizer other = new FakeOptimizer("other", sgd.paramGroups());

        assertThat(djl.gradients().norm(1)).isEqualTo(34);
        assertThat(other.gradients().norm(1)).isEqualTo(34);
        djl.close();
        other.close();
    }

    @Test
    void clip_returnsTheTwoNormBefore_byEitherAlgorithm() {
        gradients(3, -4);
        double before = Math.sqrt(6 * 9 + 4 * 16);

        assertThat(sgd.gradients().clip(3.5, GradientClipAlgorithm.VALUE)).isCloseTo(before, within(1e-12));
        assertThat(sgd.gradients().norm(INFINITY)).isEqualTo(3.5);
        sgd.gradients().clip(2, GradientClipAlgorithm.NORM);
        assertThat(sgd.gradients().norm(2)).isCloseTo(2, within(1e-6));
    }

    @Test
    void scale_leavesOutWhatIsFrozen_butZeroDoesNot() {
        gradients(3, 4);
        parameters.list().valueAt(1).freeze(true);

        sgd.gradients().scale(2);
        assertThat(gradient("p0")).containsOnly(6);
        assertThat(gradient("p1")).containsOnly(4);

        sgd.zeroGrad();
        assertThat(gradient("p0")).containsOnly(0);
        assertThat(gradient("p1")).containsOnly(0);
    }

    @Test
    void groupsAddedLater_areInTheSameSet() {
        gradients(3, 4);
        Adam adam = Adam.builder(parameters.only(0)).build();
        Gradients gradients = adam.gradients();
        assertThat(gradients.norm(1)).isEqualTo(18);

        adam.addParamGroup("late", parameters.only(1), Map.of());

        assertThat(gradients).isSameAs(adam.gradients());
        assertThat(gradients.norm(1)).isEqualTo(34);
        adam.close();
    }

    @Test
    void restore_givesSavedBits_orZeros() {
        Gradients gradients = sgd.gradients();
        assertThat(gradients.defined()).isEmpty();

        try (NDArray saved = parameters.manager().full(like("p0").getShape(), 0.1f, DataType.FLOAT64)) {
            gradients.restore("p0", saved);
        }
        gradients.restoreZero("p1");

        assertThat(gradients.defined().keys()).containsExactly("p0", "p1");
        assertThat(gradient("p0")).containsOnly(0.1f);
        assertThat(gradient("p1")).containsOnly(0);
    }

    @Test
    void restoreOfAnUnknownParameter_namesItAndThoseThereAre() {
        assertThatThrownBy(() -> sgd.gradients().restoreZero("p7"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'p7'")
                .hasMessageContaining("[p0, p1]");
    }

    @Test
    void badBounds_areRefused() {
        assertThatThrownBy(() -> sgd.gradients().clipNorm(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> sgd.gradients().norm(-1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> sgd.gradients().clipValue(Double.NaN)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> sgd.gradients().clip(0, GradientClipAlgorithm.NORM))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("clipGradients: the value is 0.0, but it must be above 0.");
    }

    private NDArray like(String name) {
        return parameters.list().get(name).getArray();
    }

    private double[] gradient(String name) {
        return TrainedParameters.numbers(sgd.gradients().defined().get(name));
    }

    private void gradients(double first, double second) {
        parameters.gradients(List.of(
                parameters.manager().full(like("p0").getShape(), (float) first, DataType.FLOAT64),
                parameters.manager().full(like("p1").getShape(), (float) second, DataType.FLOAT64)));
    }
}
