package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that make several runs, on few digits. */
class SeveralRunsTest {
    @TempDir
    Path folder;

    private Outcome run(String... args) {
        return Outcome.of(Stream.concat(
                        Stream.of(args),
                        Stream.of(
                                "--seed", "1", "--output", folder.resolve("run").toString()))
                .toArray(String[]::new));
    }

    private static List<String> table(Outcome outcome) {
        return outcome.out()
                .lines()
                .filter(line -> line.matches(" *(\\d+|mean|std) .*"))
                .toList();
    }

    @Test
    void crossValidation_tellsTheAccuracyOnUnseenDigits() {
        String[] few = {"cross-validation", "--samples", "300", "--folds", "3", "--epochs", "10"};
        Outcome outcome = run(few);
        Outcome twice = run(few);
        Outcome again = run(Stream.concat(Stream.of(few), Stream.of("--resume")).toArray(String[]::new));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.number("cross-validated")).isCloseTo(outcome.number("unseen digits"), within(0.08));
        assertThat(table(outcome)).hasSize(5);
        assertThat(twice.errLines()).singleElement().asString().contains("holds a run already. Add --resume");
        assertThat(table(again)).isEqualTo(table(outcome));
        assertThat(again.number("unseen digits")).isEqualTo(outcome.number("unseen digits"));
    }

    @Test
    void tune_findsARateThatIsBetterThanFarOnes() throws IOException {
        Outcome outcome = run("tune", "--samples", "1000", "--epochs", "3");

        assertThat(outcome.exitCode()).isZero();
        double found = outcome.number("accuracy with it");
        assertThat(found).isGreaterThan(0.7);
        assertThat(found).isGreaterThan(outcome.number("thirty times smaller"));
        assertThat(found).isGreaterThan(outcome.number("thirty times larger"));
        assertThat(Files.readAllLines(folder.resolve("run/lr-find.csv"))).hasSizeGreaterThan(50);
        assertThat(ImageIO.read(folder.resolve("run/lr-find.png").toFile()).getWidth())
                .isEqualTo(800);
    }

    @Test
    void search_trainsFewTrialsToTheEnd() {
        String[] few = {"search", "--trials", "5", "--samples", "300", "--epochs", "4"};
        Outcome outcome = run(few);
        Outcome again = run(Stream.concat(Stream.of(few), Stream.of("--resume")).toArray(String[]::new));

        assertThat(outcome.exitCode()).isZero();
        Matcher epochs = Pattern.compile("epochs trained +(\\d+) of 20").matcher(outcome.out());
        assertThat(epochs.find()).isTrue();
        assertThat(Integer.parseInt(epochs.group(1))).isBetween(5, 12);
        assertThat(outcome.number("unseen digits")).isBetween(0.0, 1.0);
        assertThat(table(outcome)).hasSize(5);
        assertThat(table(again)).isEqualTo(table(outcome));
        assertThat(outcome.out()).contains("best checkpoint");
    }
}
