package io.github.lightning4j.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InitTest {
    private static final JsonObject CASES =
            Reference.load(InitTest.class, "torch-nn-init.json").getAsJsonObject("cases");

    private final NDManager manager = manager();

    private static NDManager manager() {
        TorchRuntime.load();
        return NDManager.newBaseManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Map<String, Initializer> initializers() {
        Map<String, Initializer> all = new LinkedHashMap<>();
        all.put("constant", Init.constant(0.1));
        all.put("zeros", Init.zeros());
        all.put("ones", Init.ones());
        all.put("uniform", Init.uniform(-0.3, 0.7));
        all.put("normal", Init.normal(0.1, 0.02));
        all.put("normal small", Init.normal(0.1, 0.02));
        all.put("truncated", Init.truncatedNormal(0.02));
        all.put("truncated often", Init.truncatedNormal(0.2, 1, -0.7, 0.9));
        all.put("truncated tail", Init.truncatedNormal(0, 1, 1, 3));
        all.put("xavier uniform", Init.xavierUniform(Gain.linear()));
        all.put("xavier normal tanh", Init.xavierNormal(Gain.tanh()));
        all.put("kaiming uniform", Init.kaimingUniform(Fan.IN, Gain.leakyRelu(0)));
        all.put("kaiming uniform leaky", Init.kaimingUniform(Fan.IN, Gain.leakyRelu(Math.sqrt(5))));
        all.put("kaiming normal out relu", Init.kaimingNormal(Fan.OUT, Gain.relu()));
        all.put("kaiming normal selu", Init.kaimingNormal(Fan.IN, Gain.selu()));
        all.put("orthogonal", Init.orthogonal(1));
        all.put("orthogonal tall", Init.orthogonal(1.5));
        all.put("orthogonal conv", Init.orthogonal(1));
        all.put("eye", Init.eye());
        all.put("dirac", Init.dirac(1));
        all.put("dirac groups", Init.dirac(2));
        return all;
    }

    @Test
    void anInitializerOfAnotherShape_isRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Parameter parameter = Parameter.builder()
                    .setName("w")
                    .setType(Parameter.Type.WEIGHT)
                    .build();
            parameter.setArray(manager.zeros(new Shape(2, 3)));
            assertThatThrownBy(() -> Init.of(parameter, (owner, shape, type) -> owner.ones(new Shape(1, 3), type)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("(1, 3)")
                    .hasMessageContaining("(2, 3)");
        }
    }

    @Test
    void everyFigure_hasItsInitializer() {
        assertThat(initializers().keySet()).isEqualTo(CASES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyInitializer_drawsTorchsNumbers() {
        return initializers().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
                        assertTorchs(CASES.getAsJsonObject(entry.getKey()), entry.getValue(), type);
                    }
                }));
    }

    private void assertTorchs(JsonObject figure, Initializer initializer, DataType type) {
        double[] expected = figure.getAsJsonArray(type.name()).asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
        TorchRandom.seed(5);
        NDArray drawn = initializer.initialize(manager, new Shape(Reference.longs(figure.get("shape"))), type);
        assertThat(drawn.getDataType()).isEqualTo(type);
        assertThat(drawn.toType(DataType.FLOAT64, true).toDoubleArray())
                .containsExactly(expected, within(type == DataType.FLOAT64 ? 1e-14 : 1e-6));
    }

    @Test
    void initializerOfALayer_isUsedWhenItIsMade() {
        Linear layer = Linear.builder().setUnits(3).build();
        Init.of(layer, Parameter.Type.WEIGHT, Init.constant(0.5));
        Init.of(layer.getParameters().get("bias"), Init.constant(-2));

        layer.initialize(manager, DataType.FLOAT32, new Shape(1, 2));

        assertThat(layer.getParameters().get("weight").getArray().toFloatArray())
                .containsOnly(0.5f);
        assertThat(layer.getParameters().get("bias").getArray().toFloatArray()).containsOnly(-2f);
    }

    @Test
    void parametersThatExist_areOverwrittenInPlace() {
        Linear layer = Linear.builder().setUnits(3).build();
        layer.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
        NDArray weight = layer.getParameters().get("weight").getArray();
        weight.setRequiresGradient(true);

        Init.of(layer, Parameter.Type.WEIGHT, Init.constant(0.25));

        assertThat(layer.getParameters().get("weight").getArray()).isSameAs(weight);
        assertThat(weight.toFloatArray()).containsOnly(0.25f);
        assertThat(weight.hasGradient()).isTrue();
    }

    @Test
    void shapesAndNumbersThatDoNotFit_areRefused() {
        Shape vector = new Shape(3);
        for (Initializer each : List.of(
                Init.xavierUniform(1), Init.kaimingNormal(Fan.IN, 1), Init.orthogonal(1), Init.eye(), Init.dirac(1))) {
            assertThatThrownBy(() -> each.initialize(manager, vector, DataType.FLOAT32))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("(3)");
        }
        assertThatThrownBy(() -> Init.uniform(1, 0)).hasMessageContaining("high is 0.0");
        assertThatThrownBy(() -> Init.normal(0, -1)).hasMessageContaining("std is -1.0");
        assertThatThrownBy(() -> Init.truncatedNormal(0)).hasMessageContaining("std is 0.0");
        assertThatThrownBy(() -> Init.dirac(3).initialize(manager, new Shape(4, 1, 2), DataType.FLOAT32))
                .hasMessageContaining("groups is 3");
    }
}
