package io.github.lightning4j.logger.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.fixture.EventFile;
import io.github.lightning4j.fixture.EventFile.Event;
import io.github.lightning4j.fixture.EventFile.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that logs is killed and started again. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class TensorBoardKillTest {
    private static final String FILE = "events.out.tfevents.lightning4j";

    @TempDir
    Path folder;

    @Test
    void aKilledRunThatGoesOn_holdsWhatAnUndisturbedOneHolds() throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        EventTraining.fit(whole);
        kill(killed);

        List<String> undisturbed = contents(whole);
        List<String> left = contents(killed);
        assertThat(left).hasSizeLessThan(undisturbed.size()).hasSizeGreaterThan(undisturbed.size() / 2);
        Files.write(killed.resolve(FILE), new byte[] {17, 0, 0}, StandardOpenOption.APPEND);
        EventTraining.fit(killed);

        assertThat(contents(killed)).isEqualTo(undisturbed);
        assertThat(undisturbed).anyMatch(line -> line.contains("gradients/layer.weight"));
        assertThat(undisturbed.stream().filter(line -> line.contains("train_loss=")))
                .hasSize(16);
    }

    private static void kill(Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        EventTraining.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            List<String> said = new ArrayList<>();
            for (String line = output.readLine(); ; line = output.readLine()) {
                assertThat(line).as(String.join("\n", said)).isNotNull();
                said.add(line);
                if (line.contains(EventTraining.WAITING)) {
                    break;
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Everything in the file but times and the name of the run. */
    private static List<String> contents(Path run) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Event event : EventFile.read(run.resolve(FILE))) {
            Map<String, Double> scalars = new TreeMap<>(event.scalars());
            scalars.keySet().removeAll(List.of("epoch_time", "samples_per_second", "data_time"));
            contents.add(event.step() + " " + event.fileVersion() + scalars + (event.graph() != null));
            event.values().stream()
                    .filter(value ->
                            !value.plugin().equals("scalars") && !value.plugin().equals("hparams"))
                    .forEach(value -> contents.add(event.step() + " " + value.tag() + " " + bytes(value)));
        }
        return contents;
    }

    private static int bytes(Value value) {
        return value.fields().values().stream()
                .flatMap(List::stream)
                .mapToInt(field -> field instanceof byte[] bytes ? Arrays.hashCode(bytes) : field.hashCode())
                .sum();
    }
}
