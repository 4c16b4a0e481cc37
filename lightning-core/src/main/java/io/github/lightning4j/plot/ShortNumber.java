package io.github.lightning4j.plot;

import java.util.Locale;

/** A number in few characters. */
final class ShortNumber {
    private ShortNumber() {}

    /** Counts as they are, other numbers with up to three digits behind the point. */
    static String of(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        if (size >= 1e7 || size < 1e-3 && size > 0) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        if (value == Math.rint(value)) {
            return Long.toString((long) value);
        }
        String text = String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
