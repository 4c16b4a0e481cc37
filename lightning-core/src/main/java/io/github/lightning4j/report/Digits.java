package io.github.lightning4j.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers in few characters. */
final class Digits {
    private static final MathContext SIX = new MathContext(6);
    private static final double EXACT = 1e15;

    private Digits() {}

    /** Six digits; only for finite numbers. */
    static Number six(double value) {
        if (value == 0) {
            return 0;
        }
        return BigDecimal.valueOf(value).round(SIX).stripTrailingZeros();
    }

    /** A whole number without a decimal point, any other as it is. */
    static Number shortest(double value) {
        return value == Math.rint(value) && Math.abs(value) < EXACT ? (Number) (long) value : (Number) value;
    }
}
