package io.github.lightning4j;

import io.github.lightning4j.internal.number.Shares;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much of a data source an epoch uses: {@code Limit.all()}, {@code Limit.batches(10)}, {@code Limit.fraction(0.2)}. */
public final class Limit {
    private static final Limit ALL = new Limit(-1, 1.0);
    private static final String NUMBER = "\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?";
    private static final Pattern TEXT =
            Pattern.compile("all(?: batches)?|(?<batches>\\d{1,18}) batch(?:es)?|(?<percent>" + NUMBER
                    + ") ?%|(?<share>" + NUMBER + ")(?: of the batches)?");

    private final long batches;
    private final double fraction;

    private Limit(long batches, double fraction) {
        this.batches = batches;
        this.fraction = fraction;
    }

    /**
     * Everything the source has.
     *
     * @return the limit
     */
    public static Limit all() {
        return ALL;
    }

    /**
     * At most so many batches.
     *
     * @param count the number of batches; 0 switches the phase off
     * @return the limit
     * @throws ConfigurationException if {@code count} is negative
     */
    public static Limit batches(long count) {
        return new Limit(Require.atLeast(0, count, "Limit.batches", "Limit.all() means no limit"), 1.0);
    }

    /**
     * A fraction of the batches, rounded down; k/n of n batches is k.
     *
     * @param value the fraction, from 0 to 1; 0 switches the phase off
     * @return the limit
     * @throws ConfigurationException if {@code value} is outside 0 to 1
     */
    public static Limit fraction(double value) {
        boolean fits = value >= 0 && value <= 1;
        Require.that(fits, "Limit.fraction", value, "from 0 to 1", "for a count use Limit.batches(n)");
        return new Limit(-1, value);
    }

    /**
     * Reads a limit as {@link #toString} writes it: {@code all batches}, {@code 10 batches}, {@code 0.2 of the batches}; the
     * short forms {@code all}, {@code 0.2} and {@code 20%} are understood too. A whole number alone is refused, since 1 could
     * mean one batch or all.
     *
     * @param text the text
     * @return the limit
     * @throws ConfigurationException if the text is no limit, or one out of range
     */
    public static Limit parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()
                || parts.group("share") != null && parts.group("share").matches("\\d+")) {
            throw new ConfigurationException(
                    "'" + text + "' is no limit. Write 'all', '10 batches', '0.2 of the batches' or '20%'.");
        }
        if (parts.group("batches") != null) {
            return batches(Long.parseLong(parts.group("batches")));
        }
        if (parts.group("percent") != null) {
            return fraction(Double.parseDouble(parts.group("percent")) / 100);
        }
        return parts.group("share") == null ? ALL : fraction(Double.parseDouble(parts.group("share")));
    }

    /**
     * Applies this limit to a source.
     *
     * @param available the number of batches the source has, or -1 if it does not know
     * @param what the name of the option, for messages
     * @return the number of batches to use, or -1 for all of a source of unknown length
     * @throws ConfigurationException if a fraction meets a source of unknown length, or rounds to no batch at all
     */
    public long apply(long available, String what) {
        if (batches >= 0) {
            return available < 0 ? batches : Math.min(batches, available);
        }
        if (fraction == 1.0) {
            return available;
        }
        if (fraction == 0) {
            return 0;
        }
        if (available < 0) {
            throw new ConfigurationException(what + " is Limit.fraction(" + fraction
                    + "), but the data source does not know its length. Use Limit.batches(n).");
        }
        long count = Shares.floor(available, fraction);
        if (count == 0 && available > 0) {
            throw new ConfigurationException(what + " is Limit.fraction(" + fraction + "), which is no batch at all of "
                    + available + ". The smallest fraction that gives one batch is " + 1.0 / available + ".");
        }
        return count;
    }

    /**
     * Whether this limit switches its phase off.
     *
     * @return true for {@code batches(0)} and {@code fraction(0)}
     */
    public boolean isNone() {
        return batches == 0 || fraction == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Limit that && batches == that.batches && fraction == that.fraction;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(batches) * 31 + Double.hashCode(fraction);
    }

    @Override
    public String toString() {
        return batches >= 0 ? batches + " batches" : fraction == 1.0 ? "all batches" : fraction + " of the batches";
    }
}
