package io.github.lightning4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Mode;
import io.github.lightning4j.callback.EarlyStopping;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    @TempDir
    Path folder;

    record OptimizerSettings(double lr, float momentum, List<Integer> milestones) {
        static OptimizerSettings defaults() {
            return new OptimizerSettings(0.1, 0.9f, List.of());
        }
    }

    record Settings(
            int hidden,
            OptimizerSettings optimizer,
            Mode mode,
            Path data,
            Duration patience,
            Limit limit,
            Every interval,
            boolean shuffle,
            String name,
            Map<Mode, Double> rates,
            @Nullable Long seed,
            Optional<Double> dropout,
            List<OptimizerSettings> others,
            Map<String, Object> trainer) {
        Settings {
            if (hidden < 1) {
                throw new IllegalArgumentException("hidden is " + hidden);
            }
        }
    }

    private static final String YAML = """
        hidden: 5
        optimizer:
          lr: 1e-3
          milestones: [10, 20]
        mode: max
        data: data/mnist
        patience: 1h 30m
        limit: 20%
        interval: every 100 steps
        shuffle: true
        name: no
        rates: {MIN: 1, max: 0.5}
        others:
        - lr: .5
        - {}
        trainer:
          maxEpochs: 5
          notes: [a, ~]
        """;

    private static final Settings READ = new Settings(
            5,
            new OptimizerSettings(1e-3, 0.9f, List.of(10, 20)),
            Mode.MAX,
            Path.of("data/mnist"),
            Duration.ofMinutes(90),
            Limit.fraction(0.2),
            Every.steps(100),
            true,
            "no",
            Map.of(Mode.MIN, 1.0, Mode.MAX, 0.5),
            null,
            Optional.empty(),
            List.of(new OptimizerSettings(0.5, 0.9f, List.of()), OptimizerSettings.defaults()),
            Map.of("maxEpochs", 5L, "notes", Arrays.asList("a", null)));

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void yaml_becomesARecord() throws IOException {
        assertThat(Config.read(file("a.yaml", YAML), Settings.class)).isEqualTo(READ);
        assertThat(Config.read(file("b.yml", "\ufeff" + YAML), Settings.class)).isEqualTo(READ);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.yaml", "a.json"})
    void whatIsWritten_comesBack(String name) {
        Settings settings = new Settings(
                1,
                new OptimizerSettings(Double.NaN, 0.1f, List.of()),
                Mode.MIN,
                Path.of(""),
                Duration.ofNanos(1),
                Limit.all(),
                Every.epochFraction(0.1),
                false,
                "1e3: # [\n\u2028ü\"' ",
                Map.of(Mode.MIN, Double.NEGATIVE_INFINITY),
                5L,
                Optional.of(1e-7),
                List.of(OptimizerSettings.defaults()),
                Map.of("a", List.of(1L, 0.1, "true", "", "~", "0x10"), "null", Map.of()));
        Path file = folder.resolve(name);

        Config.write(file, settings);

        assertThat(Config.read(file, Settings.class)).isEqualTo(settings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        hidden: 5        | hiden: 5            | there is no 'hiden' (did you mean 'hidden'?)
        lr: 1e-3         | learning_rate: 1    | there is no 'optimizer.learning_rate'. OptimizerSettings has [lr, momentum, milestones]
        lr: 1e-3         | lr: fast            | 'optimizer.lr' is the text "fast", but has to be a number (double).
        lr: 1e-3         | lr: ~               | 'optimizer.lr' is null, but has to be a number
        - lr: .5         | - Lr: .5            | there is no 'others.0.Lr' (did you mean 'others.0.lr'?)
        [10, 20]         | [10, 2.5]           | 'optimizer.milestones.1' is 2.5, but has to be a whole number (Integer).
        hidden: 5        | hidden: 5000000000  | 'hidden' is 5000000000, but has to be a whole number (int).
        hidden: 5        | hidden: 0           | Settings refuses its values: hidden is 0
        hidden: 5        | # nothing           | 'hidden' is missing. Settings has no defaults
        mode: max        | mode: most          | 'mode' is the text "most", but has to be one of [MIN, MAX].
        1h 30m           | soon                | 'patience' is the text "soon", but has to be a time as 30s, 5m or PT5M
        limit: 20%       | limit: 20           | 'limit' is 20, but has to be a Limit: '20' is no limit. Write 'all', '10 batches'
        shuffle: true    | shuffle: yes        | 'shuffle' is the text "yes", but has to be true or false.
        name: no         | name: 5             | 'name' is 5, but has to be a text; put it in quotes.
        {MIN: 1          | {MEAN: 1            | 'rates.MEAN' is the text "MEAN", but has to be one of [MIN, MAX]: it is the key of a map.
        {MIN: 1          | {MIN: ~             | 'rates.MIN' is null, but has to be a number (Double).
        {MIN: 1          | {5: 1               | 'rates.5' is a name that YAML reads as something else
        data: data/mnist | hidden: 6           | duplicate key hidden
        """)
    void whatDoesNotFit_isNamedWithItsPlace(String line, String instead, String message) throws IOException {
        assertThat(YAML).contains(line);
        Path file = file("train.yaml", YAML.replace(line, instead));

        assertThatThrownBy(() -> Config.read(file, Settings.class))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("train.yaml")
                .hasMessageContaining(message);
    }

    record Inner(int a, int b) {}

    record Whole(Inner inner, int c) {
        Whole() {
            this(new Inner(1, 2), 3);
        }
    }

    record Parts(Inner inner, @Nullable Inner more) {}

    @Test
    void whatIsLeftOut_isAsInTheDefaults() {
        assertThat(Config.read(Map.of(), Whole.class, "test")).isEqualTo(new Whole());
        assertThat(Config.read(Map.of("inner", Map.of("b", 5)), Whole.class, "test"))
                .isEqualTo(new Whole(new Inner(1, 5), 3));
        assertThat(Config.read(Map.of("inner", Map.of("a", 1, "b", 2)), Parts.class, "test"))
                .isEqualTo(new Parts(new Inner(1, 2), null));
        assertThatThrownBy(() -> Config.read(Map.of(), Parts.class, "test"))
                .hasMessageContaining("test: 'inner.a' is missing. Inner has no defaults");
    }

    @Test
    void settings_areLaidOverOthers() {
        Map<String, Object> below = Map.of("a", 1, "group", Map.of("b", 2, "c", 3), "list", List.of(1));

        assertThat(Config.merge(below, Map.of("group", Map.of("c", 5), "list", List.of(2), "d", true)))
                .isEqualTo(Map.of("a", 1L, "group", Map.of("b", 2L, "c", 5L), "list", List.of(2L), "d", true));
        assertThat(Config.merge(below, Map.of("group", 5))).containsEntry("group", 5L);
    }

    @Test
    void filesThatAreNone_areNamed() throws IOException {
        assertThatThrownBy(() -> Config.read(folder.resolve("none.yaml"))).hasMessageContaining("There is no file");
        assertThatThrownBy(() -> Config.read(file("a.toml", ""))).hasMessageContaining(".yaml, .yml or .json");
        assertThatThrownBy(() -> Config.read(file("a.yaml", "- 1"))).hasMessageContaining("names and values");
        assertThatThrownBy(() -> Config.read(file("a.yaml", "a: [1")))
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> Config.read(file("a.json", "{\"a\": 1, \"a\": 2}")))
                .hasMessageContaining("occurs twice");
        Path latin = folder.resolve("latin.yaml");
        Files.write(latin, "name: größe".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Config.read(latin)).hasMessageContaining("cannot be read");
        assertThat(Config.read(file("empty.yaml", "# nothing\n"))).isEmpty();
    }

    @Test
    void withoutTheYamlLibrary_theErrorSaysWhichToAdd() throws Exception {
        URL[] classes = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("snakeyaml"))
                .map(ConfigTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader without = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> config = without.loadClass(Config.class.getName());
            assertThat(config.getMethod("hasYaml").invoke(null)).isEqualTo(false);
            assertThatThrownBy(() -> config.getMethod("read", Path.class).invoke(null, file("a.yaml", "a: 1")))
                    .cause()
                    .hasMessageContaining("Add it to the dependencies, or use a .json file");
            assertThat(config.getMethod("read", Path.class).invoke(null, file("a.json", "{\"a\": 1}")))
                    .isEqualTo(Map.of("a", 1L));
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void optionsOfABuilder_areSetByName() {
        EarlyStopping.Builder builder =
                Config.apply(EarlyStopping.builder("val_loss"), Map.of("patience", 7, "mode", "max"), "test");

        assertThat(builder.build()).hasFieldOrPropertyWithValue("patience", 7);
        assertThatThrownBy(() -> Config.apply(EarlyStopping.builder("x"), Map.of("patiense", 1), "test"))
                .hasMessageContaining("test: there is no option 'patiense' (did you mean 'patience'?)");
        assertThatThrownBy(() -> Config.apply(EarlyStopping.builder("x"), Map.of("patience", -1), "test"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("test: EarlyStopping patience is -1");
    }

    @Test
    void theNearestName_isFoundAmongNamesOfAnyProgram() {
        List<String> known = List.of("epochs", "save-every", "seed");

        assertThat(Config.nearest("epoch", known)).contains("epochs");
        assertThat(Config.nearest("saveEvery", known)).contains("save-every");
        assertThat(Config.nearest("nonsense", known)).isEmpty();
        assertThatThrownBy(() -> Config.nearest("epoch", null)).isInstanceOf(ConfigurationException.class);
    }
}
