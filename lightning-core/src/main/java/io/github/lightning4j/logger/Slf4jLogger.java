package io.github.lightning4j.logger;

import io.github.lightning4j.Logger;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.LoggerFactory;

/**
 * Writes every row as one line to SLF4J, at level INFO: {@code epoch 2, step 300: train_loss=0.125, val_acc=0.9775}.
 * Numbers are rounded to six digits.
 */
public final class Slf4jLogger implements Logger {
    /** The SLF4J logger written to unless another is given. */
    public static final String NAME = "io.github.lightning4j.metrics";

    private static final MathContext DIGITS = new MathContext(6);

    private final org.slf4j.Logger target;

    /** Creates a logger that writes to the SLF4J logger {@value #NAME}. */
    public Slf4jLogger() {
        this(LoggerFactory.getLogger(NAME));
    }

    /**
     * Creates a logger.
     *
     * @param target the SLF4J logger to write to
     */
    public Slf4jLogger(org.slf4j.Logger target) {
        this.target = target;
    }

    @Override
    public void logHyperparameters(Map<String, Object> hyperparameters) {
        target.info("hyperparameters: {}", hyperparameters);
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        if (target.isInfoEnabled()) {
            StringJoiner row = new StringJoiner(", ");
            metrics.forEach((name, value) -> row.add(name + "=" + rounded(value)));
            target.info("epoch {}, step {}: {}", epoch, step, row);
        }
    }

    private static String rounded(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() <= 9 && rounded.precision() - rounded.scale() <= 9
                ? rounded.toPlainString()
                : rounded.toString();
    }
}
