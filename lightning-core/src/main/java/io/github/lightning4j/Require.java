package io.github.lightning4j;

import io.github.lightning4j.internal.name.KeyName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * Requires something that is not null.
     *
     * @param value the value
     * @param what what it is called, at the start of the message
     * @param <T> its type
     * @return the value
     * @throws ConfigurationException if it is null
     */
    public static <T> T given(@Nullable T value, String what) {
        return given(value, what, "");
    }

    /**
     * Requires something that is not null.
     *
     * @param value the value
     * @param what what it is called, at the start of the message
     * @param remedy what to do instead, without a full stop; may be empty
     * @param <T> its type
     * @return the value
     * @throws ConfigurationException if it is null
     */
    public static <T> T given(@Nullable T value, String what, String remedy) {
        if (value == null) {
            throw new ConfigurationException(what + " is null" + (remedy.isEmpty() ? "." : "; " + remedy + "."));
        }
        return value;
    }

    /**
     * Requires several things of which none is null.
     *
     * @param values the values
     * @param what what they are called, at the start of the message
     * @param <T> their type
     * @return a copy
     * @throws ConfigurationException if they are null, or one of them is
     */
    public static <T> List<T> allGiven(@Nullable Collection<? extends T> values, String what) {
        List<T> copy = new ArrayList<>(given(values, what, "an empty list stands for none"));
        for (int i = 0; i < copy.size(); i++) {
            given(copy.get(i), "element " + i + " of " + what);
        }
        return List.copyOf(copy);
    }

    /**
     * Requires several things of which none is null.
     *
     * @param values the values
     * @param what what they are called, at the start of the message
     * @param <T> their type
     * @return a copy
     * @throws ConfigurationException if they are null, or one of them is
     */
    public static <T> List<T> allGiven(T[] values, String what) {
        return allGiven(Arrays.asList(given(values, what)), what);
    }

    /**
     * Requires a name that can be written to a file: any text, the empty one included, without half a surrogate pair.
     *
     * @param name the name
     * @param what what it names, as the user calls it
     * @return the name
     * @throws ConfigurationException if it cannot be written
     */
    public static String name(String name, String what) {
        given(name, what);
        that(KeyName.isUnicode(name), what, "'" + name + "'", "valid Unicode", "It holds half a surrogate pair.");
        return name;
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
     * Requires a finite number.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is infinite or NaN
     */
    public static double finite(double value, String what) {
        that(Double.isFinite(value), what, value, "a finite number", "");
        return value;
    }

    /**
     * Requires a finite number of 0 or more.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is negative, infinite or NaN
     */
    public static double notNegative(double value, String what) {
        that(value >= 0 && Double.isFinite(value), what, value, "a finite number of 0 or more", "");
        return value;
    }

    /**
     * Requires a finite number above zero.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is 0, negative, infinite or NaN
     */
    public static double finitePositive(double value, String what) {
        that(value > 0 && Double.isFinite(value), what, value, "a finite number above 0", "");
        return value;
    }

    /**
     * Requires a part of a whole.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is outside of 0 to 1, or NaN
     */
    public static double fraction(double value, String what) {
        that(value >= 0 && value <= 1, what, value, "from 0 to 1", "");
        return value;
    }

    /**
     * Requires a part of a whole that is not nothing.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is 0 or less, above 1, or NaN
     */
    public static double positiveFraction(double value, String what) {
        that(value > 0 && value <= 1, what, value, "above 0 and at most 1", "");
        return value;
    }

    /**
     * Requires a part of a whole that is not all of it.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is negative, 1 or more, or NaN
     */
    public static double belowOne(double value, String what) {
        that(value >= 0 && value < 1, what, value, "0 or more and below 1", "");
        return value;
    }

    /**
     * Requires a switch.
     *
     * @param value the value
     * @param what what it is, as the user calls it
     * @return the value
     * @throws ConfigurationException if it is neither 0 nor 1
     */
    public static double flag(double value, String what) {
        that(value == 0 || value == 1, what, value, "0 (off) or 1 (on)", "");
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
        given(value, what);
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
