package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The two back ends compute the same, in both precisions and also for a scalar. */
class TensorListTest {
    private static final Map<String, BiConsumer<TensorList, TensorList>> OPERATIONS = new TreeMap<>();

    static {
        OPERATIONS.put("absi", (a, b) -> a.absi());
        OPERATIONS.put("addcdivi", (a, b) -> a.addcdivi(b, a, -0.3));
        OPERATIONS.put("addcmuli", (a, b) -> a.addcmuli(b, b, 0.7));
        OPERATIONS.put("addi list", (a, b) -> a.addi(b, -0.1));
        OPERATIONS.put("addi", (a, b) -> a.addi(1e-8));
        OPERATIONS.put("clampi", (a, b) -> a.clampi(-0.7, 0.3));
        OPERATIONS.put("divi", TensorList::divi);
        OPERATIONS.put("lerpi far", (a, b) -> a.lerpi(b, 0.9));
        OPERATIONS.put("lerpi", (a, b) -> a.lerpi(b, 0.1));
        OPERATIONS.put("maximumi", TensorList::maximumi);
        OPERATIONS.put("muli list", (a, b) -> a.muli(b));
        OPERATIONS.put("muli", (a, b) -> a.muli(1 / 3.0));
        OPERATIONS.put("set", TensorList::set);
        OPERATIONS.put("signi", (a, b) -> a.signi());
        OPERATIONS.put("sqrti", (a, b) -> a.absi().sqrti());
        OPERATIONS.put("zeroi", (a, b) -> a.zeroi());
    }

    static Stream<Arguments> operations() {
        return OPERATIONS.keySet().stream()
                .flatMap(name -> Stream.of(DataType.FLOAT64, DataType.FLOAT32).map(type -> Arguments.of(name, type)));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void bothBackends_computeTheSame(String operation, DataType type) {
        double[] scripted = result(operation, type, TensorBackend.SCRIPTED);
        double[] plain = result(operation, type, TensorBackend.PLAIN);

        double tolerance = type == DataType.FLOAT64 ? 1e-15 : 1e-6;
        assertThat(plain).containsExactly(scripted, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("norms")
    void norms_areEqual(double p, DataType type) {
        double[] norms = Arrays.stream(TensorBackend.values())
                .mapToDouble(backend -> {
                    try (NDManager manager = NDManager.newBaseManager();
                            TensorList list = backend.listOf(tensors(manager, type, 1))) {
                        return list.norm(p);
                    }
                })
                .toArray();

        assertThat(norms[0]).isPositive().isCloseTo(norms[1], within(type == DataType.FLOAT64 ? 1e-14 : 1e-5));
    }

    static Stream<Arguments> norms() {
        return Stream.of(1.0, 2.0, 3.0, Double.POSITIVE_INFINITY)
                .flatMap(p -> Stream.of(DataType.FLOAT64, DataType.FLOAT32).map(type -> Arguments.of(p, type)));
    }

    @Test
    void copy_isIndependent() {
        for (TensorBackend backend : TensorBackend.values()) {
            try (NDManager manager = NDManager.newBaseManager()) {
                List<NDArray> arrays = tensors(manager, DataType.FLOAT32, 1);
                float before = arrays.get(1).getFloat();
                try (TensorList list = backend.listOf(arrays);
                        TensorList copy = list.copy()) {
                    copy.zeroi();
                    assertThat(arrays.get(1).getFloat()).isEqualTo(before);
                    list.set(copy);
                    assertThat(arrays.get(1).getFloat()).isZero();
                }
            }
        }
    }

    @Test
    void libtorchWithoutTheKernels_getsThePlainBackend() {
        assertThat(TensorBackend.scriptedIf(() -> {})).isEqualTo(TensorBackend.SCRIPTED);
        assertThat(TensorBackend.scriptedIf(
                        () -> TorchScript.load("  def f(self) -> int:\n    return torch.nothing()\n")))
                .isEqualTo(TensorBackend.PLAIN);
        assertThat(TensorBackend.scriptedIf(() -> {
                    throw new EngineException("no such operator");
                }))
                .isEqualTo(TensorBackend.PLAIN);
    }

    private static double[] result(String operation, DataType type, TensorBackend backend) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<NDArray> target = tensors(manager, type, 1);
            try (TensorList a = backend.listOf(target);
                    TensorList b = backend.listOf(tensors(manager, type, 2))) {
                OPERATIONS.get(operation).accept(a, b);
            }
            return target.stream()
                    .flatMapToDouble(array ->
                            Arrays.stream(array.toType(DataType.FLOAT64, true).toDoubleArray()))
                    .toArray();
        }
    }

    /** A matrix and a scalar of numbers that are nowhere near zero. */
    private static List<NDArray> tensors(NDManager manager, DataType type, int seed) {
        double[] values = new double[7];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(seed * 10.0 + i * i) + (i % 2 == 0 ? 1.5 : -1.5);
        }
        NDArray matrix = manager.create(Arrays.copyOf(values, 6), new Shape(2, 3));
        NDArray scalar = manager.create(values[6]);
        return List.of(matrix.toType(type, true), scalar.toType(type, true));
    }
}
