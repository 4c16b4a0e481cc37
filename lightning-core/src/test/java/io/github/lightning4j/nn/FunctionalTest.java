package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TensorFigure;
import io.github.lightning4j.internal.torch.GradMode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FunctionalTest {
    private static final JsonObject CASES =
            Reference.load(FunctionalTest.class, "torch-functional.json").getAsJsonObject("cases");

    private static final Map<String, Function<NDArray[], NDArray>> FUNCTIONS = new TreeMap<>();

    static {
        FUNCTIONS.put("gelu", a -> Functional.gelu(a[0]));
        FUNCTIONS.put("geluTanh", a -> Functional.geluTanh(a[0]));
        FUNCTIONS.put("silu", a -> Functional.silu(a[0]));
        FUNCTIONS.put("softplus", a -> Functional.softplus(a[0]));
        FUNCTIONS.put("matmul", a -> Functional.matmul(a[0], a[1]));
        FUNCTIONS.put("where", a -> Functional.where(a[0], a[1], a[2]));
        FUNCTIONS.put("cumsum", a -> Functional.cumsum(a[0], -1));
        FUNCTIONS.put("gather", a -> Functional.gather(a[0], 1, a[1]));
        FUNCTIONS.put("scatterAdd", a -> Functional.scatterAdd(a[0], 1, a[1], a[2]));
        FUNCTIONS.put("scaledDotProductAttention", a -> Functional.scaledDotProductAttention(a[0], a[1], a[2]));
        FUNCTIONS.put(
                "scaledDotProductAttention mask", a -> Functional.scaledDotProductAttention(a[0], a[1], a[2], a[3]));
        FUNCTIONS.put("causalAttention", a -> Functional.causalAttention(a[0], a[1], a[2]));
        FUNCTIONS.put("grad", FunctionalTest::slope);
        FUNCTIONS.put("grad penalty", a -> {
            NDArray norm = slope(a).square().sum(new int[] {1}).sqrt();
            return norm.sub(1).square();
        });
        FUNCTIONS.put("toType", a -> Functional.toType(a[0], a[0].getDataType()));
    }

    private static NDArray slope(NDArray[] a) {
        NDArray y = Functional.matmul(Functional.matmul(a[0], a[1]).tanh(), a[2]);
        return Functional.grad(y, a[0]);
    }

    @Test
    void everyFunction_hasItsFigure() {
        assertThat(FUNCTIONS.keySet()).isEqualTo(CASES.keySet());
        assertThat(Arrays.stream(Functional.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .collect(Collectors.toSet()))
                .isEqualTo(FUNCTIONS.keySet().stream()
                        .map(name -> name.split(" ")[0])
                        .collect(Collectors.toSet()));
    }

    @TestFactory
    Stream<DynamicTest> everyFunction_hasTorchsValuesAndGradients() {
        return FUNCTIONS.keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT32)) {
                        try (NDManager manager = NDManager.newBaseManager()) {
                            assertFigure(name, manager, type);
                        }
                    }
                }));
    }

    private static void assertFigure(String name, NDManager manager, DataType type) {
        JsonObject figure = CASES.getAsJsonObject(name);
        List<JsonElement> gradients = figure.getAsJsonArray("gradients").asList();
        NDArray[] inputs = TensorFigure.listOf(figure.get("inputs")).stream()
                .map(input -> input.toArray(manager, type))
                .toArray(NDArray[]::new);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i].setRequiresGradient(!gradients.get(i).isJsonNull());
        }
        try (GradMode recording = GradMode.recording()) {
            NDArray value = FUNCTIONS.get(name).apply(inputs);
            TensorFigure.of(figure.get("output")).assertEquals(name, value);
            NDArray weights = TensorFigure.of(figure.get("weights")).toArray(manager, type);
            GradMode.backward(value.mul(weights).sum());
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!gradients.get(i).isJsonNull()) {
                TensorFigure.of(gradients.get(i))
                        .assertEquals("gradient " + i + " of " + name, inputs[i].getGradient());
            }
        }
    }

    @Test
    void toType_keepsTheGradient() {
        try (NDManager manager = NDManager.newBaseManager();
                GradMode recording = GradMode.recording()) {
            NDArray x = manager.create(new float[] {1, 2});
            x.setRequiresGradient(true);
            NDArray wide = Functional.toType(x, DataType.FLOAT64);
            assertThat(wide.getDataType()).isEqualTo(DataType.FLOAT64);
            GradMode.backward(wide.mul(wide).sum());
            assertThat(x.getGradient().toFloatArray()).containsExactly(2, 4);
            assertThatThrownBy(() -> Functional.toType(x, DataType.INT32)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void arraysWithTelltaleNames_areMereArguments() {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (String name : List.of("net.weight", "x[]", "x()", "module_method:nothing", "plain")) {
                NDArray x = manager.ones(new Shape(2));
                x.setName(name);
                assertThat(Functional.cumsum(x, 0).toFloatArray()).as(name).containsExactly(1, 2);
                assertThat(x.getName()).isEqualTo(name);
            }
        }
    }

    @Test
    void indicesOfAnotherType_areRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.ones(new Shape(2));
            assertThatThrownBy(() -> Functional.gather(x, 0, manager.zeros(new Shape(1), DataType.INT32)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("INT64");
        }
    }
}
