package io.github.lightning4j.summary;

import java.util.List;
import java.util.Locale;

/**
 * Floating-point operations of forward calls, a multiply-add as two.
 *
 * @param known those that are known, 0 or more
 * @param complete whether these are all; not so where a block calls others out of sight
 */
public record Flops(long known, boolean complete) {
    private static final List<String> UNITS = List.of("K", "M", "G", "T", "P");

    static final Flops UNKNOWN = new Flops(0, false);

    static Flops sum(List<Flops> parts) {
        return new Flops(
                parts.stream().mapToLong(Flops::known).sum(), parts.stream().allMatch(Flops::complete));
    }

    /** The number with a unit of thousands, and a question mark for what is not known. */
    @Override
    public String toString() {
        if (complete) {
            return rounded();
        }
        return known == 0 ? "?" : rounded() + " + ?";
    }

    private String rounded() {
        double value = known;
        int unit = -1;
        while (value >= 999.5 && unit < UNITS.size() - 1) {
            value /= 1000;
            unit++;
        }
        if (unit < 0) {
            return Long.toString(known);
        }
        String form = value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, form, value, UNITS.get(unit));
    }
}
