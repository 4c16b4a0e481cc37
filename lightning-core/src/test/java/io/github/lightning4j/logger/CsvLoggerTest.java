package io.github.lightning4j.logger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.config.Config;
import io.github.lightning4j.fixture.FakeRun;
import io.github.lightning4j.testing.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLoggerTest {
    @TempDir
    Path directory;

    private final FakeRun run = new FakeRun();
    private Path csv;

    @BeforeEach
    void setDirectory() {
        run.directory = directory;
        csv = directory.resolve("metrics.csv");
    }

    @Test
    void rows_areWrittenExactlyInColumnsByFirstAppearance() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("train_loss", 0.1), 50, 0);
        logger.logMetrics(Map.of("train_loss", 1.0 / 3), 100, 0);
        logger.logMetrics(
                row("val_loss", 1e-300, "val_acc", Double.NaN, "train_loss", Double.NEGATIVE_INFINITY), 100, 0);
        logger.logMetrics(Map.of("val_acc", 12.0), 150, 1);
        logger.finish(false);

        assertThat(Files.readString(csv)).isEqualTo("""
            step,epoch,train_loss,val_loss,val_acc
            50,0,0.1,,
            100,0,0.3333333333333333,,
            100,0,-Infinity,1.0E-300,NaN
            150,1,,,12.0
            """);
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void namesWithSeparators_areQuoted() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("recall, \"macro\"", 1.0), 1, 0);
        logger.logMetrics(Map.of("late", 2.0), 2, 0);
        logger.finish(false);
        assertThat(Files.readAllLines(csv))
                .containsExactly("step,epoch,\"recall, \"\"macro\"\"\",late", "1,0,1.0,", "2,0,,2.0");
    }

    @Test
    void flush_makesRowsVisible() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("a", 1.0), 1, 0);
        logger.logMetrics(Map.of("a", 2.0), 2, 0);
        logger.flush();
        assertThat(Files.readAllLines(csv)).hasSize(3);
        logger.logMetrics(Map.of("a", 3.0), 3, 0);
        logger.finish(true);
        assertThat(Files.readAllLines(csv)).hasSize(4);
    }

    @Test
    void aResumedRun_endsWithTheFileOfAnUninterruptedOne() throws IOException {
        CsvLogger whole = started();
        write(whole, 0, 10);
        whole.finish(false);
        String expected = Files.readString(csv);
        for (int saveAt : new int[] {0, 1, 3, 5, 9}) {
            for (int killedAt : new int[] {saveAt, saveAt + 1, 10}) {
                Files.delete(csv);
                CsvLogger first = started();
                write(first, 0, saveAt);
                StateReader saved = States.saved(first);
                write(first, saveAt, killedAt);
                first.finish(true);

                CsvLogger second = started();
                second.load(saved);
                write(second, saveAt, 10);
                second.finish(false);
                assertThat(Files.readString(csv))
                        .as("saved at %d, killed at %d", saveAt, killedAt)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void load_afterAKillWithinARow_cutsTheRestOff() throws IOException {
        CsvLogger first = started();
        write(first, 0, 5);
        StateReader saved = States.saved(first);
        String atSave = Files.readString(csv);
        Files.writeString(csv, atSave + "6,0,0.");

        CsvLogger second = started();
        second.load(saved);
        second.finish(false);
        assertThat(Files.readString(csv)).isEqualTo(atSave);
    }

    @Test
    void load_withAFileThatLacksRowsOrWasChanged_namesItAndLeavesItAlone() throws IOException {
        CsvLogger first = started();
        write(first, 0, 5);
        StateReader saved = States.saved(first);
        List<String> lines = Files.readAllLines(csv);

        String shorter = String.join("\n", lines.subList(0, 4)) + "\n";
        Files.writeString(csv, shorter);
        assertThatThrownBy(() -> started().load(saved))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(csv.toString())
                .hasMessageContaining("5 rows");
        assertThat(Files.readString(csv)).isEqualTo(shorter);

        Files.writeString(csv, String.join("\n", lines).replace("0.5", "0.55555") + "\n");
        assertThatThrownBy(() -> started().load(saved)).isInstanceOf(CheckpointException.class);
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void load_inANewDirectory_startsAFile() throws IOException {
        CsvLogger first = started();
        write(first, 0, 5);
        StateReader saved = States.saved(first);
        Path other = Files.createDirectory(directory.resolve("other"));
        run.directory = other;
        CsvLogger second = started();
        second.load(saved);
        write(second, 5, 6);
        second.finish(false);
        assertThat(Files.readAllLines(other.resolve("metrics.csv"))).hasSize(2);
    }

    @Test
    void anotherRunInTheSameDirectory_goesOnInTheFile() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("val_acc", 0.5), 10, 1);
        logger.finish(false);
        logger.start(run);
        logger.logMetrics(Map.of("test_acc", 0.6), 10, 1);
        logger.finish(false);
        assertThat(Files.readAllLines(csv)).containsExactly("step,epoch,val_acc,test_acc", "10,1,0.5,", "10,1,,0.6");
    }

    @Test
    void anotherRunInAnotherDirectory_startsAnew() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("val_acc", 0.5), 10, 1);
        logger.finish(false);
        run.directory = Files.createDirectory(directory.resolve("2"));
        logger.start(run);
        logger.logMetrics(Map.of("loss", 0.6), 1, 0);
        logger.finish(false);
        assertThat(Files.readAllLines(run.directory.resolve("metrics.csv")))
                .containsExactly("step,epoch,loss", "1,0,0.6");
    }

    @Test
    void aFileOfAnotherRun_isNotTouched() throws IOException {
        Files.writeString(csv, "something\n");
        CsvLogger logger = started();
        assertThatThrownBy(() -> logger.logMetrics(Map.of("a", 1.0), 1, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(csv.toString());
        assertThat(Files.readString(csv)).isEqualTo("something\n");
    }

    @Test
    void hyperparameters_areWrittenAsJson() throws IOException {
        started()
                .logHyperparameters(new LinkedHashMap<>(
                        Map.of("lr", 0.001, "inf", Double.POSITIVE_INFINITY, "layers", List.of(1, 2), "html", "<b>")));
        String json = Files.readString(directory.resolve("hparams.json"));
        assertThat(JsonParser.parseString(json))
                .isEqualTo(JsonParser.parseString(
                        "{\"lr\":0.001,\"inf\":\"Infinity\",\"layers\":[1,2],\"html\":\"<b>\"}"));
        assertThat(json).contains("\"<b>\"").endsWith("}\n");

        Map<String, Object> absent = new LinkedHashMap<>();
        absent.put("seed", null);
        started().logHyperparameters(absent);
        assertThat(Files.readString(directory.resolve("hparams.json"))).contains("\"seed\": null");
        assertThat(Config.read(directory.resolve("hparams.yaml"))).isEqualTo(absent);
    }

    @Test
    void wrongUse_isNamed() {
        CsvLogger logger = started();
        assertThatThrownBy(() -> logger.logMetrics(Map.of("epoch", 1.0), 1, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'epoch'");
        run.directory = null;
        assertThatThrownBy(() -> new CsvLogger().start(run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("run directory");
        assertThatThrownBy(() -> new CsvLogger().flush()).isInstanceOf(IllegalStateException.class);
        assertThatCode(() -> new CsvLogger().finish(true)).doesNotThrowAnyException();
    }

    @Test
    void aDirectoryThatIsGone_isNamed() throws IOException {
        CsvLogger logger = started();
        Files.delete(directory);
        assertThatThrownBy(() -> logger.logMetrics(Map.of("a", 1.0), 1, 0))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining(csv.toString());
        Files.createDirectory(directory);
    }

    @Test
    void aWriterThreadThatIsInterrupted_losesNothing() throws IOException {
        CsvLogger logger = started();
        logger.logMetrics(Map.of("a", 1.0), 1, 0);
        Thread.currentThread().interrupt();
        logger.logMetrics(Map.of("b", 2.0), 2, 0);
        logger.flush();
        logger.finish(true);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllLines(csv)).hasSize(3);
    }

    private CsvLogger started() {
        CsvLogger logger = new CsvLogger();
        logger.start(run);
        return logger;
    }

    /** Rows as of a fit: a new column appears at row 2, another at row 6. */
    private static void write(CsvLogger logger, int from, int to) {
        for (int i = from; i < to; i++) {
            Map<String, Double> metrics = row("loss", 1.0 / (i + 1));
            if (i >= 2) {
                metrics.put("val_loss", i * 0.1);
            }
            if (i >= 6) {
                metrics.put("lr", 0.001);
            }
            logger.logMetrics(metrics, i + 1, i / 5);
        }
    }

    private static Map<String, Double> row(Object... pairs) {
        Map<String, Double> row = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((String) pairs[i], (Double) pairs[i + 1]);
        }
        return row;
    }
}
