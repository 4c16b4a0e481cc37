package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    record Plain(byte b, short s, int i, long l, float f, double d, boolean t, String text, Mode mode) {}

    record Boxed(Byte b, Short s, Integer i, Long l, Float f, Double d, Boolean t) {}

    record Nested(List<Integer> sizes, Map<String, Float> rates, List<List<String>> names, Plain plain) {}

    record Of<T>(T value) {}

    record Big(BigInteger value) {}

    record Weights(Map<Integer, Double> value) {}

    record Anything(Object value) {}

    record Numbers(Number value) {}

    enum Twin {
        MAX
    }

    record Keyed(Map<Enum<?>, Double> value) {}

    record ByMode(Map<Mode, Double> rates, Map<Mode, List<Schedule>> plans) {}

    record Texts(Path file, Duration time, LocalDate day, Limit limit, Every every) {}

    record Absent(
            @Nullable Long seed,
            @Nullable String name,
            @Nullable Path file,
            @Nullable Mode mode,
            @Nullable Schedule schedule,
            @Nullable List<Long> steps,
            @Nullable Map<Mode, Double> rates,
            @Nullable Duration time) {}

    record Maybe(
            Optional<Double> dropout, Optional<Path> file, Optional<Schedule> schedule, Optional<List<Long>> steps) {}

    private static Map<String, Object> withNull() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", 1L);
        map.put("b", null);
        return map;
    }

    record Letters(char value) {}

    @SuppressWarnings("rawtypes")
    record Raw(List value) {}

    record Free(Map<String, Object> value) {}

    static Stream<Record> kept() {
        Plain plain =
                new Plain((byte) -1, (short) 2, 3, Long.MIN_VALUE, 0.1f, -0.0, true, "NaN\u0000\ud83d\ude00", Mode.MIN);
        return Stream.of(
                plain,
                new Boxed((byte) 1, (short) 2, 3, 4L, Float.NaN, Double.NEGATIVE_INFINITY, false),
                new Nested(List.of(1, 2), Map.of("", 0.1f, "a/b", 2f), List.of(List.of(), List.of("x")), plain),
                new Anything(5L),
                new Anything(List.of(1L, 0.5)),
                new Free(Map.of("a", 1L)),
                new Free(withNull()),
                new Anything(null),
                new ByMode(Map.of(Mode.MAX, 1.0, Mode.MIN, 0.5), Map.of(Mode.MIN, List.of(CONFIG.schedule()))),
                new Texts(
                        Path.of("data", "a b/x.csv"),
                        Duration.ofMillis(90_500),
                        LocalDate.of(2024, 2, 29),
                        Limit.fraction(0.1),
                        Every.duration(Duration.ofMinutes(5))),
                new Absent(null, null, null, null, null, null, null, null),
                new Absent(
                        5L,
                        "",
                        Path.of(""),
                        Mode.MAX,
                        CONFIG.schedule(),
                        List.of(),
                        Map.of(Mode.MAX, 1.0),
                        Duration.ofDays(-1)),
                new Maybe(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                new Maybe(
                        Optional.of(0.1),
                        Optional.of(Path.of("/a")),
                        Optional.of(CONFIG.schedule()),
                        Optional.of(List.of(1L))));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void recordOfSupportedTypes_comesBackEqual(Record config) throws IOException {
        Map<String, Object> read = Json.parse(Json.write(Hyperparameters.plain(Hyperparameters.of(config))));

        assertThat(Hyperparameters.read(config.getClass(), read, "a test")).isEqualTo(config);
    }

    static Stream<Record> notKept() {
        return Stream.of(
                new Of<>(1),
                new Big(BigInteger.TEN),
                new Weights(Map.of(1, 10.0)),
                new Anything(Path.of("a")),
                new Anything(Mode.MAX),
                new Keyed(Map.of(Twin.MAX, 1.0, Mode.MAX, 2.0)),
                new Anything(5),
                new Anything(new BigDecimal("0.1")),
                new Anything(new int[] {1}),
                new Anything(Optional.of(1)),
                new Anything(new AtomicInteger(1)),
                new Anything(Set.of(1)),
                new Anything("\ud83d"),
                new Numbers(0.1f),
                new Letters('x'),
                new Raw(List.of(1)),
                new Free(Map.of("a", 1)));
    }

    @ParameterizedTest
    @MethodSource("notKept")
    void recordThatWouldNotComeBackEqual_isRefusedByName(Record config) {
        assertThatThrownBy(() -> Hyperparameters.of(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("yperparameter 'value");
    }

    @Test
    void keyThatIsNoString_isNamed() {
        assertThatThrownBy(() -> Hyperparameters.of(Map.of("classWeight", Map.of(1, 10.0))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'classWeight/1': keys must be strings");
    }
}
