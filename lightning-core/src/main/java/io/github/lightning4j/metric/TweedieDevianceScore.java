package io.github.lightning4j.metric;

import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;

/**
 * The mean deviance of a Tweedie distribution of power p, from target y and prediction x: of power 0 (y - x)², 1 (Poisson)
 * 2 (y ln(y/x) + x - y), 2 (gamma) 2 (ln(x/y) + y/x - 1), otherwise
 * 2 (y²⁻ᵖ / ((1-p)(2-p)) - y x¹⁻ᵖ / (1-p) + x²⁻ᵖ / (2-p)), where y below 0 counts as 0 in the first term.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/tweedie_deviance_score.html">torchmetrics</a>
 */
public final class TweedieDevianceScore extends MomentMetric {
    private final double power;

    /**
     * Creates an empty deviance.
     *
     * @param power the power, 0 or less or 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is between 0 and 1, or not finite
     */
    public TweedieDevianceScore(double power) {
        super(1);
        boolean fits = (power <= 0 || power >= 1) && Double.isFinite(power);
        Require.that(fits, "TweedieDevianceScore power", power, "0 or less, or 1 or more", "");
        this.power = power;
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        checkRange(prediction, target);
        to[0] += deviance(prediction, target);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }

    private double deviance(double x, double y) {
        if (power == 0) {
            return (y - x) * (y - x);
        }
        if (power == 1) {
            return 2 * ((y == 0 ? 0 : y * Math.log(y / x)) + x - y);
        }
        if (power == 2) {
            return 2 * (Math.log(x / y) + y / x - 1);
        }
        return 2
                * (Math.pow(Math.max(y, 0), 2 - power) / ((1 - power) * (2 - power))
                        - y * Math.pow(x, 1 - power) / (1 - power)
                        + Math.pow(x, 2 - power) / (2 - power));
    }

    private void checkRange(double x, double y) {
        boolean fits = power == 0 || (x > 0 && (power < 0 || (power < 2 ? y >= 0 : y > 0)));
        if (!fits) {
            throw new DataException("TweedieDevianceScore of power " + power + " got prediction " + x + " and target "
                    + y + ", but takes predictions above 0"
                    + (power < 0 ? "." : power < 2 ? " and targets of 0 or more." : " and targets above 0."));
        }
    }
}
