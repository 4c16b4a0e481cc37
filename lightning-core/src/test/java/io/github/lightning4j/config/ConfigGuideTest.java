package io.github.lightning4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigGuideTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @TempDir
    Path folder;

    record Model(int hidden, double lr) {}

    record Settings(
            Model model, Duration patience, @Nullable Path weights, Map<String, Object> trainer) {
        static Settings defaults() {
            return new Settings(new Model(64, 1e-3), Duration.ofMinutes(10), null, Map.of());
        }
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisTest() throws IOException {
        GuideBlocks.assertArePartOf(ConfigGuideTest.class, "configuration.md");
    }

    @Test
    void theFileOfTheGuide_isReadAndItsMistakesAreNamedAsThere() throws IOException {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(yaml.find()).isTrue();
        Path file = Files.writeString(folder.resolve("train.yaml"), yaml.group(1));

        Settings settings = Config.read(file, Settings.class);
        Trainer trainer = Trainer.builder().options(settings.trainer()).build();

        assertThat(settings.model()).isEqualTo(new Model(64, 0.01));
        assertThat(settings.patience()).isEqualTo(Duration.ofMinutes(30));
        assertThat(trainer.isRunning()).isFalse();
        for (String instead : new String[] {"learningRate: 1", "hiden: 1", "lr: fast"}) {
            Files.writeString(file, yaml.group(1).replace("lr: 0.01", instead));
            assertThatThrownBy(() -> Config.read(file, Settings.class))
                    .satisfies(e -> assertThat(Files.readString(PAGE)).contains(e.getMessage()));
        }
    }

    @Test
    void optionsOfAnotherBuilder() {
        EarlyStopping.Builder stopping =
                Config.apply(EarlyStopping.builder("val_loss"), Map.of("patience", 5), "stopping");

        assertThat(stopping.build()).hasFieldOrPropertyWithValue("patience", 5);
    }
}
