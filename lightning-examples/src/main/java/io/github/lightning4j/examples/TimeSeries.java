package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.plot.LinePlot;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.PredictResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains {@link LitForecast} on 40 years of sea temperatures, and draws what it says of the last 12 in advance. */
@Command(name = "time-series", header = "A GRU forecasts how warm the sea will be, and how sure that is.")
public final class TimeSeries implements Callable<Integer> {
    private static final int KNOWN = 24;
    private static final int AHEAD = 12;
    private static final int FIRST = 1950;
    private static final int FIRST_TO_CHOOSE_BY = 1990;
    private static final int FIRST_UNSEEN = 1999;
    private static final int LAST = 2010;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(20, 1e-2, null);

    @Option(names = "--batch-size", paramLabel = "N", description = "Windows of the series in a training batch.")
    private int batchSize = 32;

    /** Creates the example with its default options. */
    public TimeSeries() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new TimeSeries(), args);
    }

    @Override
    public Integer call() throws IOException {
        SeaTemperatures sea = SeaTemperatures.load();
        ForecastWindows windows = new ForecastWindows(sea, KNOWN, AHEAD, sea.meanUntil(FIRST_TO_CHOOSE_BY));
        Trainer trainer = training.trainer("time-series")
                .callbacks(ModelCheckpoint.builder().monitor("val_loss").build())
                .build();
        try (NDManager manager = NDManager.newBaseManager();
                LitForecast module = new LitForecast(new LitForecast.Config(3, 32, AHEAD, training.lr()))) {
            FitResult fit = trainer.fit(
                    module,
                    DataLoader.of(windows.dataset(manager, FIRST, FIRST_TO_CHOOSE_BY - 1), batchSize, true),
                    DataLoader.of(windows.dataset(manager, FIRST_TO_CHOOSE_BY, FIRST_UNSEEN - 1), 128));
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }

            try (Checkpoint best = Checkpoint.open(Objects.requireNonNull(fit.bestCheckpoint()))) {
                best.restoreInto(module);
            }
            DataLoader unseen = DataLoader.of(windows.dataset(manager, FIRST_UNSEEN, LAST), 128);
            try (PredictResult predicted = trainer.predict(module, unseen)) {
                float[] forecasts = predicted.concat().toFloatArray();
                report(windows, forecasts);
                Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
                LinePlot chart = chart(windows, forecasts);
                chart.write(directory.resolve("forecast.svg"));
                chart.write(directory.resolve("forecast.png"));
                System.out.printf("%nforecasts    %s and .png%n", directory.resolve("forecast.svg"));
            }
        }
        return 0;
    }

    private static void report(ForecastWindows windows, float[] forecasts) {
        float[] actual = windows.actual(FIRST_UNSEEN, LAST);
        float[] naive = ForecastScore.widened(
                windows.asAYearBefore(FIRST_UNSEEN, LAST),
                windows.asAYearBefore(FIRST, FIRST_TO_CHOOSE_BY - 1),
                windows.actual(FIRST, FIRST_TO_CHOOSE_BY - 1),
                LitForecast.QUANTILES);
        System.out.printf("%n%d to %d, up to %d months ahead%n", FIRST_UNSEEN, LAST, AHEAD);
        System.out.println("                  mean error  quantile loss  between 10 and 90 %");
        System.out.println("GRU               " + ForecastScore.of(actual, forecasts, LitForecast.QUANTILES));
        System.out.println("as a year before  " + ForecastScore.of(actual, naive, LitForecast.QUANTILES));
    }

    /** What was forecast in each January for the twelve months from then on. */
    private static LinePlot chart(ForecastWindows windows, float[] forecasts) {
        float[] actual = windows.actual(FIRST_UNSEEN, LAST);
        int months = 12 * (LAST - FIRST_UNSEEN + 1);
        double[] years = new double[months];
        double[][] lines = new double[4][months];
        for (int month = 0; month < months; month++) {
            int place = month / 12 * 12 * AHEAD + month % 12;
            years[month] = FIRST_UNSEEN + month / 12.0;
            lines[0][month] = actual[place] + windows.mean();
            for (int q = 0; q < 3; q++) {
                lines[1 + q][month] = forecasts[3 * place + q] + windows.mean();
            }
        }
        return LinePlot.builder("Sea temperature off Peru, forecast each January for a year")
                .band("10 % to 90 %", years, lines[1], lines[3])
                .line("median", years, lines[2])
                .line("measured", years, lines[0])
                .xName("year")
                .yName("degrees Celsius")
                .build();
    }
}
