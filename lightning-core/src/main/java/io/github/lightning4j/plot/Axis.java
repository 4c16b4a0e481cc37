package io.github.lightning4j.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A range of numbers and the round ones in it that are written beside it.
 *
 * @param from where it begins, less than where it ends
 * @param to where it ends
 * @param ticks the round numbers, growing
 */
record Axis(double from, double to, List<BigDecimal> ticks) {
    private static final int MOST_STEPS = 8;

    /** Numbers beyond that are drawn there: differences and margins would overflow. */
    private static final double FARTHEST = Double.MAX_VALUE / 16;

    /** Numbers closer to each other than this share of them count as one number. */
    private static final double CLOSEST = 1e-12;

    /** From the first of the finite numbers to the last, with ticks in between; of whole numbers they are whole. */
    static Axis along(DoubleStream values) {
        double[] finite = values.filter(Double::isFinite).toArray();
        double[] range = apart(least(finite), greatest(finite));
        boolean whole = Arrays.stream(finite).allMatch(value -> value == Math.rint(value));
        BigDecimal step = step(range, whole ? 1 : 0);
        return new Axis(range[0], range[1], ticks(range, step));
    }

    /** From a tick to a tick around the numbers; from or to 0, unless half of it would be empty then. */
    static Axis around(DoubleStream values) {
        double[] finite = values.filter(Double::isFinite).toArray();
        double least = least(finite);
        double greatest = greatest(finite);
        double[] range = apart(
                least > 0 && least < greatest / 2 ? 0 : least, greatest < 0 && greatest > least / 2 ? 0 : greatest);
        BigDecimal step = step(range, 0);
        double width = step.doubleValue();
        double[] wider = {Math.floor(range[0] / width) * width, Math.ceil(range[1] / width) * width};
        return new Axis(Math.min(wider[0], range[0]), Math.max(wider[1], range[1]), ticks(wider, step));
    }

    private static double least(double[] finite) {
        return near(Arrays.stream(finite).min().orElse(0));
    }

    private static double greatest(double[] finite) {
        return near(Arrays.stream(finite).max().orElse(0));
    }

    private static double near(double value) {
        return Math.max(-FARTHEST, Math.min(FARTHEST, value));
    }

    /** The two as they are, or around them where they are one number. */
    private static double[] apart(double least, double greatest) {
        double size = Math.max(Math.abs(least), Math.abs(greatest));
        if (size < Float.MIN_VALUE * (double) Float.MIN_VALUE) {
            return new double[] {0, 1};
        }
        return greatest - least > CLOSEST * size
                ? new double[] {least, greatest}
                : new double[] {least - size / 2, greatest + size / 2};
    }

    /** 1, 2 or 5 times a power of ten, so that there are few steps. */
    private static BigDecimal step(double[] range, double smallest) {
        double atLeast = Math.max((range[1] - range[0]) / MOST_STEPS, smallest);
        int power = (int) Math.floor(Math.log10(atLeast));
        return Stream.of(1, 2, 5, 10)
                .map(factor -> new BigDecimal(factor).scaleByPowerOfTen(power))
                .filter(candidate -> candidate.doubleValue() >= atLeast * (1 - 1e-9))
                .findFirst()
                .orElseThrow();
    }

    private static List<BigDecimal> ticks(double[] range, BigDecimal step) {
        double width = step.doubleValue();
        double slack = 1e-9 * width;
        List<BigDecimal> ticks = new ArrayList<>();
        BigDecimal tick = step.multiply(new BigDecimal(Math.ceil((range[0] - slack) / width)));
        while (tick.doubleValue() <= range[1] + slack && ticks.size() <= 2 * MOST_STEPS) {
            ticks.add(tick);
            tick = tick.add(step);
        }
        return ticks;
    }

    /** Where a number lies, from 0 at the beginning to 1 at the end. */
    double share(double value) {
        return (Math.max(from, Math.min(to, value)) - from) / (to - from);
    }

    /** A tick in as few characters as say it. */
    static String label(BigDecimal tick) {
        if (tick.signum() == 0) {
            return "0";
        }
        BigDecimal exact = tick.round(MathContext.DECIMAL64).stripTrailingZeros();
        int power = exact.precision() - exact.scale() - 1;
        if (power >= -4 && power < 7) {
            return exact.toPlainString();
        }
        return exact.movePointLeft(power).stripTrailingZeros().toPlainString() + "e" + power;
    }
}
