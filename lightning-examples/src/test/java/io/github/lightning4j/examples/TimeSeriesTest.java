package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example for fewer epochs, and what it judges itself by. */
class TimeSeriesTest {
    @TempDir
    Path folder;

    @Test
    void theForecast_isBetterThanAsAYearBefore() throws IOException {
        Outcome outcome = Outcome.of("time-series", "--epochs", "8", "--seed", "1", "--output", folder.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.number("GRU")).isLessThan(0.9 * outcome.number("as a year before"));
        assertThat(Files.readString(folder.resolve("forecast.svg")))
                .contains(">measured</text>", ">median</text>", ">2010</text>", ">20</text>");
        assertThat(folder.resolve("forecast.png")).isNotEmptyFile();
    }

    @Test
    void anInterruptedRun_endsWhereAnUninterruptedOneEnds() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");

        run(whole);
        Outcome first = run(parts, "--interrupt-at", "1");
        Outcome second = run(parts, "--resume");

        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(Outcome.weights(parts)).isEqualTo(Outcome.weights(whole));
        assertThat(parts.resolve("forecast.svg")).hasSameTextualContentAs(whole.resolve("forecast.svg"));
    }

    private static Outcome run(Path directory, String... more) {
        String[] args = {"time-series", "--epochs", "3", "--seed", "2", "--output", directory.toString()};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Outcome.of(all);
    }

    @Test
    void windowsOfAPeriod_followEachOtherWithinIt() throws IOException {
        SeaTemperatures sea = SeaTemperatures.load();
        ForecastWindows windows = new ForecastWindows(sea, 24, 12, 0);

        assertThat(sea.months()).hasSize(732).startsWith(23.11f).endsWith(22.07f);
        assertThat(windows.starts(1950, 1989)).startsWith(24).endsWith(468).hasSize(445);
        assertThat(windows.starts(1990, 1998)).startsWith(480).endsWith(576);
        assertThat(windows.starts(1999, 2010)).startsWith(588).endsWith(720);
        assertThat(windows.actual(2010, 2010)).hasSize(12).startsWith(24.7f).endsWith(22.07f);
        assertThat(windows.asAYearBefore(2010, 2010)).startsWith(24.39f).endsWith(23.21f);
    }

    @Test
    void theScore_isOfEachQuantileAndOfTheMiddleOne() {
        float[] actual = {10, 20};
        float[] forecasts = {9, 11, 12, 21, 22, 23};

        ForecastScore score = ForecastScore.of(actual, forecasts, 0.1, 0.5, 0.9);

        assertThat(score.error()).isCloseTo(1.5, within(1e-9));
        assertThat(score.loss()).isCloseTo((0.1 + 0.5 + 0.2 + 0.9 + 1 + 0.3) / 6, within(1e-9));
        assertThat(score.within()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void aSingleForecast_isWidenedByPastMisses() {
        float[] past = {0, 0, 0, 0};
        float[] came = {3, 1, 0, 2};

        assertThat(ForecastScore.widened(new float[] {10}, past, came, 0.25, 0.75))
                .containsExactly(11, 13);
    }
}
