package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that forge digits, on few of them. */
class ForgingTest {
    @TempDir
    Path folder;

    private Outcome run(String example, String output, String... more) throws IOException {
        Path data = folder.resolve("data");
        if (!Files.exists(data)) {
            SmallDigits.write(data, 120, 40);
        }
        String[] args = {example, "--data=" + data, "--seed=1", "--batch-size=10", "--output=" + folder.resolve(output)
        };
        return Outcome.of(
                Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray(String[]::new));
    }

    @Test
    void wganGp_keepsTheCriticsSlopeNearOne() throws IOException {
        Outcome outcome = run("wgan-gp", "run", "--epochs", "3");
        Outcome free = run("wgan-gp", "free", "--epochs", "3", "--penalty", "0");

        assertThat(outcome.exitCode()).isZero();
        assertThat(lastSlope(outcome)).isCloseTo(1, within(0.35));
        assertThat(lastSlope(free)).isGreaterThan(2);
    }

    private static double lastSlope(Outcome outcome) {
        String last = outcome.out().substring(outcome.out().lastIndexOf("slope=") + "slope=".length());
        return Double.parseDouble(last.substring(0, last.indexOf(',')));
    }

    @Test
    void gan_isJudgedAndDrawn_alsoWhereItWasInterrupted() throws IOException {
        Outcome outcome = run("gan", "whole", "--epochs", "2");
        Outcome first = run("gan", "parts", "--epochs", "2", "--interrupt-at", "1");
        Outcome second = run("gan", "parts", "--epochs", "2", "--resume");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.number("untrained")).isCloseTo(0.1, within(0.1));
        assertThat(outcome.number("variety")).isBetween(0.0, 1.5);
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(second.number("as asked")).isEqualTo(outcome.number("as asked"));
        assertThat(Outcome.weights(folder.resolve("parts"))).isEqualTo(Outcome.weights(folder.resolve("whole")));
        Path samples = folder.resolve("whole/samples");
        assertThat(samples.resolve("epoch-00.png")).exists();
        assertThat(Files.readAllBytes(samples.resolve("epoch-02.png")))
                .isNotEqualTo(Files.readAllBytes(samples.resolve("epoch-01.png")))
                .isEqualTo(Files.readAllBytes(folder.resolve("parts/samples/epoch-02.png")));
    }

    @Test
    void variety_isTheVarianceWithinAClass() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = manager.create(new float[] {0, 1, 0, 3, 5, 5, 5, 5}, new Shape(4, 1, 1, 2));
            Variety two = new Variety(3);
            Variety one = new Variety(3);

            two.add(images.get("0:2"), manager.create(new long[] {0, 0}));
            two.add(images.get("2:4"), manager.create(new long[] {2, 2}));
            one.add(images.get("2:4"), manager.create(new long[] {1, 1}));

            assertThat(two.value()).isCloseTo(0.25, within(1e-12));
            assertThat(one.value()).isZero();
        }
    }
}
