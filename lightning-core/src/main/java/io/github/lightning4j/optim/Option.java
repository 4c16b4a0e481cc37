package io.github.lightning4j.optim;

import io.github.lightning4j.ConfigurationException;

/** The options of the optimizers, under torch's names, and the values they may take. Flags are 0 and 1. */
enum Option {
    LR("lr", Range.NOT_NEGATIVE),
    WEIGHT_DECAY("weight_decay", Range.NOT_NEGATIVE),
    DECOUPLED_WEIGHT_DECAY("decoupled_weight_decay", Range.FLAG),
    MAXIMIZE("maximize", Range.FLAG),
    BETA1("beta1", Range.BELOW_ONE),
    BETA2("beta2", Range.BELOW_ONE),
    EPS("eps", Range.POSITIVE),
    AMSGRAD("amsgrad", Range.FLAG),
    MOMENTUM("momentum", Range.NOT_NEGATIVE),
    DAMPENING("dampening", Range.FINITE),
    NESTEROV("nesterov", Range.FLAG),
    MOMENTUM_DECAY("momentum_decay", Range.NOT_NEGATIVE),
    ALPHA("alpha", Range.UP_TO_ONE),
    CENTERED("centered", Range.FLAG),
    RHO("rho", Range.UP_TO_ONE),
    LR_DECAY("lr_decay", Range.NOT_NEGATIVE),
    INITIAL_ACCUMULATOR_VALUE("initial_accumulator_value", Range.NOT_NEGATIVE);

    private final String key;
    private final Range range;

    Option(String key, Range range) {
        this.key = key;
        this.range = range;
    }

    /** The name in torch and in {@link io.github.lightning4j.ParamGroup}. */
    String key() {
        return key;
    }

    static Option of(String optimizer, String key) {
        for (Option option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
        }
        throw new ConfigurationException(optimizer + " has no option '" + key + "'.");
    }

    double check(String optimizer, double value) {
        if (!Double.isFinite(value) || !range.contains(value)) {
            throw new ConfigurationException(
                    optimizer + ": " + key + " is " + value + "; it must be " + range.text + ".");
        }
        return value;
    }

    private enum Range {
        FINITE("a finite number"),
        NOT_NEGATIVE("a finite number of at least 0"),
        POSITIVE("a finite number above 0"),
        BELOW_ONE("at least 0 and below 1"),
        UP_TO_ONE("at least 0 and at most 1"),
        FLAG("0 (off) or 1 (on)");

        private final String text;

        Range(String text) {
            this.text = text;
        }

        boolean contains(double value) {
            return switch (this) {
                case FINITE -> true;
                case NOT_NEGATIVE -> value >= 0;
                case POSITIVE -> value > 0;
                case BELOW_ONE -> value >= 0 && value < 1;
                case UP_TO_ONE -> value >= 0 && value <= 1;
                case FLAG -> value == 0 || value == 1;
            };
        }
    }
}
