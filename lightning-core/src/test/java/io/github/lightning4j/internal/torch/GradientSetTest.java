package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.PairList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TensorBackend.class)
class GradientSetTest {
    private final TensorBackend backend;
    private final TensorBackend previous = TensorBackend.current();
    private final PairList<String, Parameter> parameters = new PairList<>();
    private NDManager manager;
    private GradientSet gradients;

    GradientSetTest(TensorBackend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void makeParameters() {
        TensorBackend.use(backend);
        manager = NDManager.newBaseManager();
        parameters.add("a", parameter(manager.zeros(new Shape(2), DataType.FLOAT64)));
        parameters.add("b", parameter(manager.zeros(new Shape(), DataType.FLOAT32)));
        gradients = new GradientSet(parameters);
    }

    @AfterEach
    void close() {
        gradients.close();
        manager.close();
        TensorBackend.use(previous);
    }

    @Test
    void beforeBackward_thereIsNoGradient() {
        assertThat(gradients.defined()).isEmpty();
        assertThat(gradients.norm(2)).isZero();
        gradients.zero();
        assertThat(gradients.firstNonFinite()).isNull();
    }

    @Test
    void backward_reachesOneParameter_onlyThatOneIsDefined() {
        gradients.zero();
        backward("a", 3, -4);

        assertThat(gradients.defined().keys()).containsExactly("a");
        assertThat(gradients.norm(2)).isEqualTo(5);
    }

    @Test
    void norms_overTwoDtypes_areThoseOfAllElements() {
        backward("a", 3, -4);
        backward("b", 12);

        assertThat(gradients.norm(1)).isEqualTo(19);
        assertThat(gradients.norm(2)).isEqualTo(13);
        assertThat(gradients.norm(Double.POSITIVE_INFINITY)).isEqualTo(12);
    }

    @Test
    void clipByNorm_aboveTheBound_scalesAllAlike() {
        backward("a", 3, -4);
        backward("b", 12);

        assertThat(gradients.clipByNorm(6.5, 2)).isEqualTo(13);
        assertThat(gradient("a")).containsExactly(new double[] {1.5, -2}, within(1e-6));
        assertThat(gradient("b")).containsExactly(new double[] {6}, within(1e-6));
    }

    @Test
    void clipByNorm_belowTheBound_changesNoBit() {
        backward("a", 0.1, -0.2);

        gradients.clipByNorm(6.5, 2);

        assertThat(gradient("a")).containsExactly(0.1, -0.2);
    }

    @Test
    void clipByValue_limitsBothSides() {
        backward("a", 3, -4);
        backward("b", 0.5);

        gradients.clipByValue(1);

        assertThat(gradient("a")).containsExactly(1, -1);
        assertThat(gradient("b")).containsExactly(0.5);
    }

    @Test
    void zero_alsoClearsWhatIsNotFinite() {
        backward("a", Double.NaN, Double.POSITIVE_INFINITY);
        backward("b", 2);
        assertThat(gradients.firstNonFinite()).isEqualTo("a");
        assertThat(gradients.norm(2)).isNaN();

        gradients.zero();

        assertThat(gradient("a")).containsExactly(0, 0);
        assertThat(gradient("b")).containsExactly(0);
        assertThat(gradients.firstNonFinite()).isNull();
    }

    @Test
    void frozenParameter_isLeftOut_butZeroed() {
        backward("a", 3, -4);
        backward("b", 12);
        parameters.get("a").freeze(true);

        assertThat(gradients.norm(2)).isEqualTo(12);
        gradients.scale(2);
        assertThat(gradient("a")).containsExactly(3, -4);
        gradients.zero();
        assertThat(gradient("a")).containsExactly(0, 0);
        parameters.get("a").freeze(false);
        assertThat(gradients.norm(2)).isZero();
    }

    @Test
    void restore_makesAGradientWithTheSameBits() {
        NDArray saved = manager.create(new double[] {0.1, -0.0});

        assertThat(gradients.restore("a", saved)).isTrue();
        assertThat(gradients.restore("b", manager.create(3f))).isTrue();
        assertThat(gradients.restore("c", saved)).isFalse();

        assertThat(gradient("a")).containsExactly(0.1, -0.0);
        assertThat(gradients.restore("a", saved)).isTrue();
        assertThat(gradient("a")).containsExactly(0.1, -0.0);
    }

    @Test
    void restoreZero_makesOrClearsAGradient() {
        backward("a", Double.NaN, -4);

        assertThat(gradients.restoreZero("a")).isTrue();
        assertThat(gradients.restoreZero("b")).isTrue();
        assertThat(gradients.restoreZero("c")).isFalse();

        assertThat(gradients.names()).containsExactly("a", "b");
        assertThat(gradients.defined().keys()).containsExactly("a", "b");
        assertThat(gradient("a")).containsExactly(0, 0);
        assertThat(gradient("b")).containsExactly(0);
    }

    @Test
    void replacedArray_isNoticed() {
        backward("a", 3, -4);
        assertThat(gradients.norm(2)).isEqualTo(5);
        Parameter a = parameters.get("a");
        a.close();
        a.setShape(null);
        a.setArray(manager.zeros(new Shape(2), DataType.FLOAT64));
        a.freeze(false);
        assertThat(gradients.norm(2)).isZero();

        backward("a", 6, 8);

        assertThat(gradients.norm(2)).isEqualTo(10);
    }

    @Test
    void handles_outliveTheScopeTheyWereFetchedIn() {
        backward("a", 3, -4);
        try (MemoryScope scope = MemoryScope.open()) {
            scope.suppressNotUsedWarning();
            assertThat(gradients.norm(2)).isEqualTo(5);
        }
        assertThat(gradient("a")).containsExactly(3, -4);
        gradients.scale(2);
        assertThat(gradient("a")).containsExactly(6, -8);
    }

    private static Parameter parameter(NDArray array) {
        Parameter parameter =
                Parameter.builder().setName("p").setType(Parameter.Type.WEIGHT).build();
        parameter.setArray(array);
        parameter.freeze(false);
        return parameter;
    }

    /** Adds the given numbers to a gradient: the gradient of the sum of the products with them. */
    private void backward(String name, double... gradient) {
        NDArray weight = parameters.get(name).getArray();
        try (GradMode mode = GradMode.recording();
                NDManager step = manager.newSubManager()) {
            NDArray factor =
                    step.create(gradient).toType(weight.getDataType(), false).reshape(weight.getShape());
            GradMode.backward(factor.mul(weight).sum());
        }
    }

    private double[] gradient(String name) {
        try (NDArray gradient =
                        JniUtils.getGradient((PtNDArray) parameters.get(name).getArray());
                NDArray wide = gradient.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }
}
