package io.github.lightning4j.tuner;

import io.github.lightning4j.LightningException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.plot.LinePlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How the loss of a module behaves while its learning rate rises, as {@link LearningRateFinder} measured it. It ends where the
 * loss ran away or was not finite.
 */
public final class LearningRateCurve {
    private static final int SKIP_BEGIN = 10;
    private static final int SKIP_END = 1;

    private final double[] rates;
    private final double[] losses;
    private final double[] rawLosses;
    private final boolean stoppedEarly;

    LearningRateCurve(double[] rates, double[] losses, double[] rawLosses, boolean stoppedEarly) {
        this.rates = rates;
        this.losses = losses;
        this.rawLosses = rawLosses;
        this.stoppedEarly = stoppedEarly;
    }

    /**
     * The learning rates.
     *
     * @return one for each step, rising; a copy
     */
    public double[] rates() {
        return rates.clone();
    }

    /**
     * The losses, smoothed: an exponential moving average whose bias towards its start is corrected.
     *
     * @return one for each step, of the batch before its step; a copy
     */
    public double[] losses() {
        return losses.clone();
    }

    /**
     * The losses as they were.
     *
     * @return one for each step, of the batch before its step, over several batches their mean; a copy
     */
    public double[] rawLosses() {
        return rawLosses.clone();
    }

    /**
     * Whether the loss ran away, or was not finite, before the largest rate was reached.
     *
     * @return true if it ended early
     */
    public boolean stoppedEarly() {
        return stoppedEarly;
    }

    /**
     * A learning rate to begin with: the one at which the loss falls most steeply from step to step. The first ten steps and the
     * last are left out.
     *
     * @return one of the rates
     * @throws LightningException if fewer than two steps are left, or the loss falls nowhere
     */
    public double suggestion() {
        return suggestion(SKIP_BEGIN, SKIP_END);
    }

    /**
     * A learning rate to begin with: the one at which the loss falls most steeply from step to step, by central differences.
     *
     * @param skipBegin the steps at the beginning to leave out, 0 or more
     * @param skipEnd the steps at the end to leave out, 0 or more
     * @return one of the rates
     * @throws LightningException if fewer than two steps are left, or the loss falls nowhere
     */
    public double suggestion(int skipBegin, int skipEnd) {
        return rates[suggestedIndex(skipBegin, skipEnd)];
    }

    private int suggestedIndex(int skipBegin, int skipEnd) {
        Require.atLeast(0, skipBegin, "skipBegin");
        Require.atLeast(0, skipEnd, "skipEnd");
        int end = losses.length - skipEnd;
        if (end - skipBegin < 2) {
            throw new LightningException(
                    "The " + losses.length + " steps of the curve are too few for a suggestion that"
                            + " leaves out " + skipBegin + " at its beginning and " + skipEnd
                            + " at its end. Take a smaller minLr, more steps, or leave out fewer.");
        }
        int steepest = skipBegin;
        for (int i = skipBegin + 1; i < end; i++) {
            if (slope(i, skipBegin, end) < slope(steepest, skipBegin, end)) {
                steepest = i;
            }
        }
        if (slope(steepest, skipBegin, end) >= 0) {
            throw new LightningException("The loss falls at no learning rate from " + rates[skipBegin] + " to "
                    + rates[end - 1] + ", so none can be suggested. Look at losses(); another range may help.");
        }
        return steepest;
    }

    /** As numpy's gradient: central differences, one-sided at the ends. */
    private double slope(int i, int begin, int end) {
        int before = Math.max(begin, i - 1);
        int after = Math.min(end - 1, i + 1);
        return (losses[after] - losses[before]) / (after - before);
    }

    /**
     * The curve as a picture: the smoothed loss by the logarithm of the rate, and the suggestion as a line across it if there is
     * one.
     *
     * @return the picture, to be written as SVG or PNG
     */
    public LinePlot plot() {
        double[] logarithms = Arrays.stream(rates).map(Math::log10).toArray();
        LinePlot.Builder plot = LinePlot.builder("Loss while the learning rate rises")
                .xName("logarithm of the learning rate")
                .yName("smoothed loss")
                .line("loss", logarithms, losses);
        suggestionIfAny().ifPresent(rate -> {
            double at = Math.log10(rate);
            double[] range = {
                Arrays.stream(losses).min().orElseThrow(),
                Arrays.stream(losses).max().orElseThrow()
            };
            plot.line(String.format(Locale.ROOT, "suggested: %.3g", rate), new double[] {at, at}, range);
        });
        return plot.build();
    }

    private OptionalDouble suggestionIfAny() {
        try {
            return OptionalDouble.of(suggestion());
        } catch (LightningException e) {
            return OptionalDouble.empty();
        }
    }

    /**
     * Writes the curve as CSV: {@code lr}, {@code loss} and {@code raw_loss} of each step.
     *
     * @param file where to; replaced in one go if it exists
     * @throws LightningException if it cannot be written
     */
    public void writeCsv(Path file) {
        List<String> lines = new ArrayList<>(List.of("lr,loss,raw_loss"));
        for (int i = 0; i < rates.length; i++) {
            lines.add(rates[i] + "," + losses[i] + "," + rawLosses[i]);
        }
        try {
            AtomicFile.write(file, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new LightningException("The curve could not be written to " + file + ": " + e + ".", e);
        }
    }

    @Override
    public String toString() {
        if (rates.length == 0) {
            return "no step with a finite loss";
        }
        double least = Arrays.stream(losses).min().orElseThrow();
        return String.format(
                Locale.ROOT,
                "%d learning rates from %.3g to %.3g%s, least loss %.4g",
                rates.length,
                rates[0],
                rates[rates.length - 1],
                stoppedEarly ? " (stopped early)" : "",
                least);
    }
}
