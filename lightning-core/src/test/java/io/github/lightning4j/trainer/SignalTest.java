package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** What a process that trains does when it is told to end. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class SignalTest {
    @TempDir
    Path directory;

    private Process process;
    private BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private void launch(String step, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of(SignalledTraining.class.getName(), directory.toString(), step));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader();
    }

    private void awaitLine(String part) throws IOException {
        String line = "";
        while (!line.contains(part)) {
            line = output.readLine();
            assertThat(line).as("output with '%s', after %s", part, lines).isNotNull();
            lines.add(line);
        }
    }

    private void send(String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private int exitCode() throws IOException, InterruptedException {
        String line = output.readLine();
        while (line != null) {
            lines.add(line);
            line = output.readLine();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(lines.toString()).isTrue();
        return process.exitValue();
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void signal_savesAndExits(String signal, int code) throws IOException, InterruptedException {
        launch("train");
        awaitLine("TRAINING");
        send(signal);

        assertThat(exitCode()).isEqualTo(code);
        Path saved = CheckpointFolder.of(directory).resolve("interrupted.safetensors");
        assertThat(saved).exists();
        assertThat(directory.resolve("result.json"))
                .content()
                .contains("SIG" + signal + " was received")
                .contains(saved.toString());
        assertThat(lines).noneMatch(line -> line.contains("RETURNED"));
        assertThat(lines).anyMatch(line -> line.contains("resume it from " + saved));
    }

    @Test
    void secondSignal_endsAtOnce() throws IOException, InterruptedException {
        launch("hang");
        awaitLine("TRAINING");
        send("TERM");
        awaitLine("a second signal ends it at once");
        send("INT");

        assertThat(exitCode()).isEqualTo(130);
        assertThat(directory.resolve("result.json")).doesNotExist();
    }

    @Test
    void exitInsideAHook_doesNotDeadlock() throws IOException, InterruptedException {
        launch("exit");

        assertThat(exitCode()).isEqualTo(7);
    }

    @Test
    void handlerOfTheProcess_isHandedTheSignal() throws IOException, InterruptedException {
        launch("own");
        awaitLine("TRAINING");
        send("TERM");

        assertThat(exitCode()).isZero();
        assertThat(lines).contains("OWN HANDLER").anyMatch(line -> line.startsWith("RETURNED /"));
    }

    @Test
    void signalsThatCannotBeHandled_areNamed() throws IOException, InterruptedException {
        launch("exit", "-Xrs");

        assertThat(exitCode()).isEqualTo(7);
        assertThat(lines).anyMatch(line -> line.contains("SIGTERM cannot be handled"));
    }

    @Test
    void handlers_areReplacedForTheFitAlone() {
        assertThat(handlerInsideAndAfterFit(Trainers.quiet().signals(SignalPolicy.SAVE_AND_EXIT)))
                .containsExactly(false, true);
        assertThat(handlerInsideAndAfterFit(Trainers.quiet().signals(SignalPolicy.NONE)))
                .containsExactly(true, true);
    }

    @Test
    void offTheMainThread_handlersAreLeftAloneByDefault() throws InterruptedException {
        List<Boolean> found = new ArrayList<>();
        Thread other = new Thread(() -> found.addAll(handlerInsideAndAfterFit(Trainers.quiet())));
        other.start();
        other.join();

        assertThat(found).containsExactly(true, true);
    }

    /** Whether a handler of ours is in place inside a fit and after it. */
    private static List<Boolean> handlerInsideAndAfterFit(Trainer.Builder builder) {
        Signal signal = new Signal("TERM");
        SignalHandler ours = received -> {};
        List<Boolean> found = new ArrayList<>();
        SignalHandler before = Signal.handle(signal, ours);
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            Callback look = new Callback() {
                @Override
                public void onFitStart(Run run) {
                    SignalHandler present = Signal.handle(signal, ours);
                    Signal.handle(signal, present);
                    found.add(present == ours);
                }
            };
            builder.callbacks(look).build().fit(module, data.ones(2, 1));
            found.add(Signal.handle(signal, ours) == ours);
            return found;
        } finally {
            Signal.handle(signal, before);
        }
    }
}
