package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example on few digits, with one kill. */
@Timeout(120)
class ResumeDemoTest {
    @TempDir
    Path folder;

    private Outcome run(Path output, Path data) {
        return Outcome.of(
                "resume-demo",
                "--kills=1",
                "--epochs=2",
                "--save-every=5",
                "--seed=3",
                "--batch-size=10",
                "--data=" + data,
                "--output=" + output);
    }

    @Test
    void aKilledTraining_endsWithTheBitsOfAnUndisturbedOne() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 480, 20);
        Path output = folder.resolve("run");

        Outcome outcome = run(output, data);
        Outcome again = run(output, data);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .containsPattern("start 1 +steps 0 to \\d+, killed")
                .contains("killed 1 times");
        assertThat(outcome.out().lines()).last().isEqualTo("equal");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errLines()).singleElement().asString().contains("Name another directory");

        Path metrics = output.resolve("killed/metrics.csv");
        Files.writeString(metrics, Files.readString(metrics).replace("\n40,", "\n41,"));
        assertThat(ResumeDemo.compare(
                        new RunFiles(output.resolve("undisturbed")), new RunFiles(output.resolve("killed")), 1))
                .isFalse();
    }

    @Test
    void aFolderWhoseRunWasCutShort_isRefused() throws IOException {
        Path output = folder.resolve("run");
        Files.createDirectories(output.resolve("undisturbed"));
        Files.writeString(output.resolve("undisturbed/starts.csv"), "");

        Outcome outcome = run(output, folder.resolve("missing"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("Name another directory");
    }

    @Test
    void aTrainingThatCannotStart_isToldWithItsReason() {
        Outcome outcome = run(folder.resolve("run"), folder.resolve("missing"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .contains("undisturbed.log", "There is no data folder");
    }
}
