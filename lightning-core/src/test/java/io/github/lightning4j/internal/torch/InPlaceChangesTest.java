package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Autograd notices each way in which a tensor's values are replaced. */
class InPlaceChangesTest {
    private static final Map<String, BiFunction<TensorList, TensorList, TensorList>> OPERATIONS = Map.ofEntries(
            Map.entry("set", TensorList::set),
            Map.entry("zero", (w, o) -> w.zeroi()),
            Map.entry("add number", (w, o) -> w.addi(1)),
            Map.entry("add", (w, o) -> w.addi(o, 2)),
            Map.entry("mul number", (w, o) -> w.muli(2)),
            Map.entry("mul", TensorList::muli),
            Map.entry("div", TensorList::divi),
            Map.entry("addcmul", (w, o) -> w.addcmuli(o, o, 1)),
            Map.entry("addcdiv", (w, o) -> w.addcdivi(o, o, 1)),
            Map.entry("lerp", (w, o) -> w.lerpi(o, 0.5)),
            Map.entry("maximum", TensorList::maximumi),
            Map.entry("clamp", (w, o) -> w.clampi(-1, 1)),
            Map.entry("sqrt", (w, o) -> w.sqrti()),
            Map.entry("abs", (w, o) -> w.absi()),
            Map.entry("sign", (w, o) -> w.signi()));

    private final TensorBackend backend = TensorBackend.current();
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void free() {
        manager.close();
        TensorBackend.use(backend);
    }

    @ParameterizedTest
    @EnumSource(TensorBackend.class)
    void everyOperationOfATensorList_isNoticed(TensorBackend path) {
        TensorBackend.use(path);
        OPERATIONS.forEach((name, operation) -> {
            for (NDArray weight : weights()) {
                try (TensorList list = TensorList.of(List.of(weight));
                        TensorList other = TensorList.of(List.of(weight.duplicate()))) {
                    assertNoticed(name, weight, () -> operation.apply(list, other));
                }
            }
        });
    }

    @Test
    void restoringATensor_isNoticed() {
        for (NDArray weight : weights()) {
            NDArray other = weight.duplicate();
            assertNoticed("copy", weight, () -> TensorBytes.copy(other, weight));
        }
        for (NDArray weight : weights()) {
            assertNoticed("fill", weight, () -> fill(weight, 1L << 30));
        }
        NDArray inParts = weights().get(0);
        assertNoticed("fill in parts", inParts, () -> fill(inParts, 8));
    }

    @Test
    void fill_writesTheValuesAndNoOthers() {
        NDArray weight = weights().get(0);
        fill(weight, 1L << 30);
        assertThat(weight.toFloatArray()).containsOnly(0.5f);
    }

    private static void fill(NDArray weight, long limit) {
        try {
            TensorBytes.fill(
                    weight,
                    bytes -> {
                        while (bytes.hasRemaining()) {
                            bytes.putFloat(0.5f);
                        }
                    },
                    limit);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNoticed(String what, NDArray weight, Runnable change) {
        NDArray loss;
        try (GradMode recording = GradMode.recording()) {
            loss = weight.square().sum();
        }
        try (GradMode off = GradMode.off()) {
            change.run();
        }
        assertThatThrownBy(() -> GradMode.backward(loss))
                .as("%s on %s", what, weight.getShape())
                .hasMessageContaining("modified by an inplace operation");
    }

    private List<NDArray> weights() {
        List<NDArray> weights = List.of(
                manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)),
                manager.create(new float[] {7, 8}),
                manager.create(9f),
                manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)).transpose());
        weights.forEach(weight -> weight.setRequiresGradient(true));
        return weights;
    }
}
