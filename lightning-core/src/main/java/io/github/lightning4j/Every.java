package io.github.lightning4j;

import io.github.lightning4j.internal.record.TextForm;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often something happens: {@code Every.steps(100)}, {@code Every.epochs(2)}, {@code Every.epochFraction(0.25)},
 * {@code Every.duration(Duration.ofMinutes(10))}, {@code Every.never()}. Steps are optimizer steps and are counted over the whole run, never
 * restarting with the epoch.
 */
public final class Every {
    /** What is counted. */
    public enum Unit {
        /** Optimizer steps. */
        STEPS,
        /** Epochs. */
        EPOCHS,
        /** Parts of an epoch. */
        EPOCH_FRACTION,
        /** Training batches of an epoch. */
        BATCHES,
        /** Wall-clock time. */
        DURATION,
        /** Nothing: it does not happen by itself. */
        NEVER
    }

    private static final Pattern TEXT =
            Pattern.compile("(?:every )?(?:(?<steps>\\d{1,18}) steps?|(?<epochs>\\d{1,18}) epochs?"
                    + "|(?:(?<batches>\\d{1,18}) batches|(?<fraction>\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?) of an epoch)"
                    + "(?: in 1 of (?<nth>\\d{1,18}) epochs)?)");

    private final Unit unit;
    private final long count;
    private final double fraction;
    private final long nthEpoch;

    private Every(Unit unit, long count, double fraction) {
        this(unit, count, fraction, 1);
    }

    private Every(Unit unit, long count, double fraction, long nthEpoch) {
        this.nthEpoch = nthEpoch;
        this.unit = unit;
        this.count = count;
        this.fraction = fraction;
    }

    /**
     * Every so many optimizer steps.
     *
     * @param count the number of steps, at least 1
     * @return the interval
     * @throws ConfigurationException if {@code count} is below 1
     */
    public static Every steps(long count) {
        return new Every(Unit.STEPS, Require.atLeast(1, count, "Every.steps"), 0);
    }

    /**
     * Every so many epochs.
     *
     * @param count the number of epochs, at least 1
     * @return the interval
     * @throws ConfigurationException if {@code count} is below 1
     */
    public static Every epochs(long count) {
        return new Every(Unit.EPOCHS, Require.atLeast(1, count, "Every.epochs"), 0);
    }

    /**
     * Every part of an epoch: 0.25 means four times an epoch.
     *
     * @param value the fraction of the epoch's batches, above 0 and at most 1
     * @return the interval
     * @throws ConfigurationException if {@code value} is out of range
     */
    public static Every epochFraction(double value) {
        Require.positiveFraction(value, "Every.epochFraction");
        return value == 1 ? epochs(1) : new Every(Unit.EPOCH_FRACTION, 0, value);
    }

    /**
     * Every so much wall-clock time. What happens at a time of day is outside the promise of exact resumption.
     *
     * @param value the time between two occurrences, above zero
     * @return the interval
     * @throws ConfigurationException if {@code value} is zero or negative
     */
    public static Every duration(Duration value) {
        return new Every(
                Unit.DURATION, Require.positive(value, "Every.duration").toNanos(), 0);
    }

    /**
     * Every so many training batches of an epoch, counted from the epoch's start.
     *
     * @param count the number of batches, at least 1
     * @return the interval
     * @throws ConfigurationException if {@code count} is below 1
     */
    public static Every batches(long count) {
        return new Every(Unit.BATCHES, Require.atLeast(1, count, "Every.batches"), 0);
    }

    /**
     * The same, but only in every so-manieth epoch: {@code Every.epochFraction(0.25).inEveryNthEpoch(2)} is four times in
     * every second epoch.
     *
     * @param n the number of epochs of which the last counts, at least 1
     * @return the interval
     * @throws ConfigurationException if {@code n} is below 1, or this is counted in something else than batches or parts of
     *     an epoch
     */
    public Every inEveryNthEpoch(long n) {
        if (unit != Unit.EPOCH_FRACTION && unit != Unit.BATCHES) {
            throw new ConfigurationException("inEveryNthEpoch was called on '" + this
                    + "'; it is for Every.epochFraction and Every.batches, which start anew with each epoch.");
        }
        return new Every(unit, count, fraction, Require.atLeast(1, n, "Every.inEveryNthEpoch"));
    }

    /**
     * Not by itself: a scheduler that the module steps by hand, or no validation within a fit.
     *
     * @return the interval
     */
    public static Every never() {
        return new Every(Unit.NEVER, 0, 0);
    }

    /**
     * Reads an interval as {@link #toString} writes it: {@code every 100 steps}, {@code every 2 epochs}, {@code every 0.25 of an
     * epoch}, {@code every PT5M}, {@code never}. The first word may be left out, and a time may be as short as {@code 5m} or {@code 1h 30m}.
     *
     * @param text the text
     * @return the interval
     * @throws ConfigurationException if the text is no interval, or one out of range
     */
    public static Every parse(String text) {
        if (text.strip().equals("never")) {
            return never();
        }
        Matcher parts = TEXT.matcher(text.strip());
        try {
            if (!parts.matches()) {
                return duration(
                        (Duration) TextForm.parse(Duration.class, text.strip().replaceFirst("^every ", "")));
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "'" + text
                            + "' is no interval. Write '100 steps', '2 epochs', '0.25 of an epoch', 'never' or a time as '5m'.",
                    e);
        }
        if (parts.group("fraction") != null) {
            return inEpochs(epochFraction(Double.parseDouble(parts.group("fraction"))), parts.group("nth"));
        }
        if (parts.group("batches") != null) {
            return inEpochs(batches(Long.parseLong(parts.group("batches"))), parts.group("nth"));
        }
        return parts.group("steps") == null
                ? epochs(Long.parseLong(parts.group("epochs")))
                : steps(Long.parseLong(parts.group("steps")));
    }

    /**
     * What is counted.
     *
     * @return the unit
     */
    public Unit unit() {
        return unit;
    }

    /**
     * The number of steps, epochs or batches, or of nanoseconds for a duration.
     *
     * @return the count, or 0 for a fraction
     */
    public long count() {
        return count;
    }

    /**
     * In which epochs.
     *
     * @return n for every n-th epoch, 1 for all
     */
    public long nthEpoch() {
        return nthEpoch;
    }

    /**
     * The part of an epoch.
     *
     * @return the fraction, or 0 for the other units
     */
    public double fraction() {
        return fraction;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Every that
                && unit == that.unit
                && count == that.count
                && fraction == that.fraction
                && nthEpoch == that.nthEpoch;
    }

    @Override
    public int hashCode() {
        return unit.hashCode() * 31 + Long.hashCode(count) + Double.hashCode(fraction) + Long.hashCode(nthEpoch);
    }

    @Override
    public String toString() {
        return switch (unit) {
            case STEPS -> "every " + count + " steps";
            case EPOCHS -> "every " + count + " epochs";
            case EPOCH_FRACTION -> "every " + fraction + " of an epoch" + ofEpochs();
            case BATCHES -> "every " + count + " batches" + ofEpochs();
            case DURATION -> "every " + Duration.ofNanos(count);
            case NEVER -> "never";
        };
    }

    private String ofEpochs() {
        return nthEpoch == 1 ? "" : " in 1 of " + nthEpoch + " epochs";
    }

    private static Every inEpochs(Every interval, @Nullable String nth) {
        return nth == null ? interval : interval.inEveryNthEpoch(Long.parseLong(nth));
    }
}
