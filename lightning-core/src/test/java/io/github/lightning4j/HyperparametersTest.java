package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
    record Schedule(Mode mode, List<Long> steps) {}

    record Config(int hidden, float dropout, double lr, boolean bias, String name, Schedule schedule, byte bits) {}

    private static final Config CONFIG =
            new Config(5, 0.1f, Double.NaN, true, "net", new Schedule(Mode.MAX, List.of(1L, 2L)), (byte) 8);

    @Test
    void aRecord_comesBackByWayOfJson() throws IOException {
        Map<String, Object> values = Hyperparameters.of(CONFIG);
        assertThat(values).containsEntry("hidden", 5).containsEntry("dropout", 0.1f);
        assertThat(values.keySet()).startsWith("hidden", "dropout", "lr");

        Map<String, Object> read = Json.parse(Json.write(Hyperparameters.plain(values)));

        assertThat(Hyperparameters.read(Config.class, read, "a test")).isEqualTo(CONFIG);
    }

    @Test
    void plain_isSortedAndHasJsonsTypes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("b", (short) 1);
        values.put("a", 0.5f);
        values.put("c", Map.of("nested", List.of(1, 2.0f)));
        Map<String, Object> plain = Hyperparameters.plain(values);
        assertThat(plain.keySet()).containsExactly("a", "b", "c");
        assertThat(plain)
                .containsEntry("a", 0.5)
                .containsEntry("b", 1L)
                .containsEntry("c", Map.of("nested", List.of(1L, 2.0)));
    }

    @Test
    void whatIsNoHyperparameter_isNamed() {
        assertThatThrownBy(() -> Hyperparameters.of(Map.of("model", new Object())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'model' is a java.lang.Object");
        assertThatThrownBy(() -> Hyperparameters.of(Map.of("list", Arrays.asList(1, null))))
                .hasMessageContaining("'list' is null");
        assertThatThrownBy(() -> Hyperparameters.read(Schedule.class, Map.of("mode", "MAX"), "a test"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'steps'")
                .hasMessageContaining("a test");
    }
}
