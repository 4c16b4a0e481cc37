package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Every;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies in a run directory beside its sound checkpoints, in any state, keeps no run from going on. */
@Timeout(60)
class DamagedBookkeepingTest {
    private static final PrintStream OUT = System.out;
    private static final Training TRAINING = Training.of(
            Recipe.SGD_MOMENTUM, builder -> builder.seed(3).callbacks(ResumeFixture.keepAll(Every.steps(3))));

    @TempDir
    Path directory;

    static Stream<byte[]> damages() {
        String header = "started_at,resumed_from_step,steps_executed\n";
        return Stream.concat(
                Stream.of(
                                "",
                                "\n",
                                header,
                                header + "2026-01-01T00:00:00Z,,-5\n",
                                header + "2026-01-01T00:00:00Z,-7,5\n",
                                header + "2026-01-01T00:00:00Z,,9223372036854775807\n".repeat(3),
                                header + "2026-01-01T00:00:00Z,,99999999999999999999999\n",
                                header + "Zeit,,ü\n",
                                header + ",,\n,\n,,,,\n",
                                "x".repeat(3_000_000))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(new byte[] {0, (byte) 0xff, (byte) 0xfe, 10, 13, 0}, new byte[100_000]));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void startsThatCannotBeRead_stopNoRun(byte[] content) throws IOException {
        TRAINING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        Files.write(directory.resolve("starts.csv"), content);
        try (LogLines log = LogLines.capture()) {
            FitResult resumed = TRAINING.start(directory);

            assertThat(resumed.resumedFromSteps()).contains(9L);
            assertThat(resumed.stepsExecuted()).isBetween(12L, 100L);
            assertThat(log.messages().stream().filter(line -> line.contains("starts.csv")))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void byteOrderMarks_areNoPartOfAFile() throws IOException {
        TRAINING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        for (String name : List.of("starts.csv", "history.jsonl", "metrics.csv")) {
            Path file = directory.resolve(name);
            Files.writeString(file, "\uFEFF" + Files.readString(file));
        }
        try (LogLines log = LogLines.capture()) {
            FitResult resumed = TRAINING.start(directory);

            assertThat(resumed.history()).hasSize(ResumeFixture.EPOCHS);
            assertThat(resumed.stepsExecuted()).isGreaterThan(21);
            assertThat(log.messages()).noneMatch(line -> line.contains("damaged") || line.contains("missing"));
        }
        assertThat(Files.readString(directory.resolve("metrics.csv"))).startsWith("step,epoch");
    }

    @Test
    void startsThatCannotBeWritten_stopNoRun() throws IOException {
        Files.createDirectories(directory.resolve("starts.csv").resolve("full"));
        FitResult result = TRAINING.start(directory);

        assertThat(result.epochs()).isEqualTo(ResumeFixture.EPOCHS);
        assertThat(result.stepsExecuted()).isEqualTo(21);
    }

    @Test
    void manyStarts_areSummedUp() throws IOException {
        TRAINING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        StringBuilder text = new StringBuilder("started_at,resumed_from_step,steps_executed\n");
        for (int i = 0; i < 2_000; i++) {
            text.append("2026-01-01T00:00:00Z,3,2\n");
        }
        Files.writeString(directory.resolve("starts.csv"), text);

        FitResult resumed = TRAINING.start(directory);

        assertThat(resumed.stepsExecuted()).isEqualTo(4_000 + 12);
        assertThat(Files.readAllLines(directory.resolve("starts.csv"))).hasSize(1_002);
        try (Checkpoint checkpoint =
                Checkpoint.open(CheckpointFolder.of(directory).resolve("last.safetensors"))) {
            long[] executed =
                    checkpoint.state().child("volatile").child("starts").getLongs("steps_executed");
            assertThat(executed).hasSize(100);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsNoFile_isPassedOver() throws IOException, InterruptedException {
        TRAINING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        Path checkpoints = CheckpointFolder.of(directory);
        Path pipe = checkpoints.resolve("pipe.safetensors");
        pipe(pipe);
        pipe(checkpoints.resolve(".x.safetensors.0123456789abcdef.lightning4j-tmp"));
        Files.createSymbolicLink(checkpoints.resolve("zero.safetensors"), Path.of("/dev/zero"));
        Files.createDirectory(checkpoints.resolve("folder.safetensors"));
        Files.delete(directory.resolve("starts.csv"));
        pipe(directory.resolve("starts.csv"));

        assertThat(TRAINING.start(directory).resumedFromSteps()).containsExactly(9L);
        assertThatThrownBy(() -> Checkpoint.open(pipe))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is no regular file");
        assertThatThrownBy(() -> Checkpoint.openWeights(checkpoints.resolve("zero.safetensors")))
                .hasMessageContaining("is no regular file");
    }

    private static void pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void aHeaderLargerThanJavasMemory_isPassedOver() throws IOException, InterruptedException {
        TRAINING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        Path large = CheckpointFolder.of(directory).resolve("large.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            byte[] length = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(90_000_000)
                    .array();
            file.write(length);
            file.setLength(95_000_000);
        }
        Path deep = CheckpointFolder.of(directory).resolve("numbers.safetensors");
        Files.write(deep, numbers(5_000_000));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("NEWEST 9").contains(large.toString());
    }

    /** Short text that takes much memory once it is read. */
    private static byte[] numbers(int bytes) {
        String text = "{\"a\":[" + "[],".repeat(bytes / 3) + "[]]}";
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        return file.putLong(text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** A process with little memory that looks for the newest checkpoint. */
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] args) {
            try (Checkpoint newest = CheckpointFolder.openNewest(Path.of(args[0]))) {
                OUT.println("NEWEST " + newest.globalStep());
            }
        }
    }
}
