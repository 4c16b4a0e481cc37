package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Logger;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.profiler.Profiler;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Options that come by name, from a file or the environment, are those of the builder. */
class TrainerOptionsTest {
    /** What no file can hold. */
    private static final Set<Class<?>> NOT_PLAIN =
            Set.of(Callback[].class, Logger[].class, Map.class, Record.class, Profiler.class);

    private static final Map<Class<?>, Object> SAMPLES = Map.of(
            long.class,
            7L,
            int.class,
            3,
            double.class,
            0.25,
            String.class,
            "name",
            Limit.class,
            Limit.batches(3),
            Every.class,
            Every.steps(7),
            Duration.class,
            Duration.ofMinutes(5),
            Path.class,
            Path.of("some", "where"));

    private static Stream<Method> options() {
        return Arrays.stream(Trainer.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == Trainer.Builder.class
                        && !NOT_PLAIN.contains(method.getParameterTypes()[0]));
    }

    private static List<?> samples(Class<?> type) {
        if (type == boolean.class) {
            return List.of(true, false);
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> type != DataType.class || constant == DataType.FLOAT64)
                    .toList();
        }
        assertThat(SAMPLES).as("a sample of an option's type").containsKey(type);
        return List.of(SAMPLES.get(type));
    }

    private static Map<String, Object> fields(Trainer.Builder builder) throws IllegalAccessException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : Trainer.Builder.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                values.put(field.getName(), field.get(builder));
            }
        }
        return values;
    }

    @TestFactory
    Stream<DynamicTest> everyPlainOption_canBeGivenByNameAndByTheEnvironment() {
        assertThat(options()).hasSizeGreaterThan(25);
        return options()
                .map(option -> DynamicTest.dynamicTest(option.getName() + " " + option.getParameterTypes()[0], () -> {
                    boolean changes = false;
                    for (Object sample : samples(option.getParameterTypes()[0])) {
                        Trainer.Builder called = Trainer.builder(Map.of());
                        option.invoke(called, sample);
                        Object plain = sample instanceof Number || sample instanceof Boolean ? sample : text(sample);

                        assertThat(fields(Trainer.builder(Map.of()).options(Map.of(option.getName(), plain))))
                                .isEqualTo(fields(called));
                        assertThat(fields(Trainer.builder(
                                        Map.of(EnvironmentPresets.variable(option.getName()), text(sample)))))
                                .isEqualTo(fields(called));
                        changes |= !fields(called).equals(fields(Trainer.builder(Map.of())));
                    }
                    assertThat(changes).as("the sample changes the builder").isTrue();
                }));
    }

    private static String text(Object sample) {
        return sample instanceof Enum<?> constant ? constant.name() : sample.toString();
    }

    record Few(long maxEpochs, @Nullable Duration maxTime, Limit limitTrainBatches) {}

    @Test
    void aRecordOfOptions_isTakenByItsNames() throws IllegalAccessException {
        assertThat(fields(Trainer.builder(Map.of()).options(new Few(5, null, Limit.fraction(0.5)))))
                .isEqualTo(fields(Trainer.builder(Map.of()).maxEpochs(5).limitTrainBatches(Limit.fraction(0.5))));
    }

    @Test
    void whatTheBuilderIsTold_countsMoreThanTheEnvironment() throws IllegalAccessException {
        Map<String, String> environment = Map.of(
                "LIGHTNING4J_MAX_EPOCHS",
                "1",
                "PATH",
                "x",
                "LIGHTNING4J_SEED",
                "5",
                "LIGHTNING4J_LOG_EVERY_N_STEPS",
                "2");

        assertThat(fields(Trainer.builder(environment).maxEpochs(3)))
                .isEqualTo(fields(Trainer.builder(Map.of()).maxEpochs(3).seed(5).logEveryNSteps(2)));
    }

    @Test
    void wrongNamesAndValues_areNamed() {
        assertThatThrownBy(() -> Trainer.builder(Map.of()).options(Map.of("max_epoch", 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no option 'max_epoch' (did you mean 'maxEpochs'?)");
        assertThatThrownBy(() -> Trainer.builder(Map.of()).options(Map.of("maxEpochs", "five")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'maxEpochs' is the text \"five\", but has to be a whole number");
        assertThatThrownBy(() -> Trainer.builder(Map.of()).options(Map.of("maxEpochs", -5)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("options of the Trainer: maxEpochs is -5");
        assertThatThrownBy(() -> Trainer.builder(Map.of()).options(Map.of("callbacks", List.of())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("call callbacks(...)");
        assertThatThrownBy(() -> Trainer.builder(Map.of("LIGHTNING4J_LIMIT_VAL_BATCHES", "1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("LIGHTNING4J_LIMIT_VAL_BATCHES")
                .hasMessageContaining("10 batches");
        try (LogLines lines = LogLines.capture()) {
            Trainer.builder(Map.of("LIGHTNING4J_MAX_EPOCH", "1"));
            Trainer.builder(Map.of("LIGHTNING4J_MAX_EPOCH", "1"));
            assertThat(lines.messages())
                    .filteredOn(line -> line.contains("LIGHTNING4J_MAX_EPOCH"))
                    .singleElement()
                    .asString()
                    .contains("did you mean LIGHTNING4J_MAX_EPOCHS?");
        }
    }
}
