package io.github.lightning4j.progress;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Numbers and times in words. */
final class Text {
    private Text() {}

    /** Such as {@code 4.2s}, {@code 42s}, {@code 3:07}, {@code 1:02:03}. */
    static String duration(long nanos) {
        double seconds = nanos / 1e9;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + "s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** Such as {@code 5,432 samples/s}. */
    static String rate(double samplesPerSecond) {
        return String.format(
                Locale.ROOT, samplesPerSecond < 100 ? "%.1f samples/s" : "%,.0f samples/s", samplesPerSecond);
    }

    /** Four decimals; an exponent where those would say nothing. */
    static String number(double value) {
        double magnitude = Math.abs(value);
        boolean plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e6) || !Double.isFinite(value);
        return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
    }

    /** Such as {@code loss=0.1234 acc=0.9870}. */
    static String metrics(Map<String, Double> metrics, String separator) {
        StringJoiner joined = new StringJoiner(separator);
        metrics.forEach((name, value) -> joined.add(name + "=" + number(value)));
        return joined.toString();
    }
}
