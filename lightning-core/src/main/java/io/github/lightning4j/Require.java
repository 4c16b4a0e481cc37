package io.github.lightning4j;

import java.time.Duration;

/**
 * Checks of values a user gives, with one grammar of messages: {@code maxEpochs is -3, but it must be -1 or more; -1 means
 * no limit.} Each check hands the value back, so that a builder checks and stores it in one line.
 *
 * <pre>{@code
 * patience = Require.atLeast(1, checks, "EarlyStopping patience");
 * }</pre>
 */
public final class Require {
    private Require() {}

    /**
     * Requires a whole number that is large enough.
     *
     * @param least the smallest that is accepted
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is smaller
     */
    public static long atLeast(long least, long value, String what) {
        return atLeast(least, value, what, "");
    }

    /**
     * Requires a whole number that is large enough.
     *
     * @param least the smallest that is accepted
     * @param value the value
     * @param what what it is, as the user calls it
     * @param remedy what to do about it, or what the bound means
     * @return the value
     * @throws ConfigurationException if it is smaller
     */
    public static long atLeast(long least, long value, String what, String remedy) {
        that(value >= least, what, value, least + " or more", remedy);
        return value;
    }

    /**
     * Requires a whole number that is large enough.
     *
     * @param least the smallest that is accepted
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is smaller
     */
    public static int atLeast(int least, int value, String what) {
        return (int) atLeast((long) least, value, what, "");
    }

    /**
     * Requires a whole number that is large enough.
     *
     * @param least the smallest that is accepted
     * @param value the value
     * @param what what it is, as the user calls it
     * @param remedy what to do about it, or what the bound means
     * @return the value
     * @throws ConfigurationException if it is smaller
     */
    public static int atLeast(int least, int value, String what, String remedy) {
        return (int) atLeast((long) least, value, what, remedy);
    }

    /**
     * Requires a finite number of 0 or more.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @param remedy what to do about it
     * @return the value
     * @throws ConfigurationException if it is negative, infinite or NaN
     */
    public static double notNegative(double value, String what, String remedy) {
        that(value >= 0 && value < Double.POSITIVE_INFINITY, what, value, "a finite number of 0 or more", remedy);
        return value;
    }

    /**
     * Requires a number above zero; infinity is accepted.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is 0, negative or NaN
     */
    public static double positive(double value, String what) {
        that(value > 0, what, value, "above 0", "");
        return value;
    }

    /**
     * Requires a duration above zero.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is zero or negative
     */
    public static Duration positive(Duration value, String what) {
        that(!value.isZero() && !value.isNegative(), what, value, "above zero", "");
        return value;
    }

    /**
     * Requires anything else.
     *
     * @param holds whether the value is acceptable
     * @param what what it is, as the user calls it
     * @param value the value, for the message
     * @param expected what is acceptable, to follow "it must be"
     * @param remedy what to do about it; empty for nothing
     * @throws ConfigurationException if {@code holds} is false
     */
    public static void that(boolean holds, String what, Object value, String expected, String remedy) {
        if (!holds) {
            String rest = remedy.isEmpty() ? "." : "; " + remedy + ".";
            throw new ConfigurationException(what + " is " + value + ", but it must be " + expected + rest);
        }
    }
}
