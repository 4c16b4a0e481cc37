package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on few digits. */
class ImageTransferTest {
    @TempDir
    Path folder;

    @Test
    void whatWasLearnedElsewhere_beatsAStartFromScratch() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 1800, 300);

        Outcome outcome = run(data, folder.resolve("run"), "--epochs", "8", "--labels", "10");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("'backbone' is unfrozen", "5 to 9, 10 images of each");
        assertThat(outcome.number("transferred, frozen")).isGreaterThan(0.2);
        assertThat(outcome.number("transferred, then unfrozen")).isGreaterThan(outcome.number("from scratch"));
    }

    @Test
    void anInterruptedRun_endsWhereAnUninterruptedOneEnds() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 240, 60);
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");

        run(data, whole, "--epochs", "4");
        int interruptions = 0;
        Outcome last = run(data, parts, "--epochs", "4", "--interrupt-at", "3");
        while (last.exitCode() == 3) {
            interruptions++;
            last = run(data, parts, "--epochs", "4", "--interrupt-at", "3", "--resume");
        }

        assertThat(interruptions).isEqualTo(2);
        assertThat(last.exitCode()).isZero();
        for (String fit : new String[] {"pretrain", "scratch", "transfer"}) {
            assertThat(Outcome.weights(parts.resolve(fit))).isEqualTo(Outcome.weights(whole.resolve(fit)));
        }
    }

    private static Outcome run(Path data, Path directory, String... more) {
        String[] args = {
            "image-transfer",
            "--data",
            data.toString(),
            "--pretrain-epochs",
            "2",
            "--seed",
            "1",
            "--output",
            directory.toString()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Outcome.of(all);
    }
}
