package io.github.lightning4j.optim;

import io.github.lightning4j.Require;

/** The options of the optimizers, under torch's names, and the values they may take. Flags are 0 and 1. */
enum Option {
    LR("lr", Require::notNegative),
    WEIGHT_DECAY("weight_decay", Require::notNegative),
    DECOUPLED_WEIGHT_DECAY("decoupled_weight_decay", Require::flag),
    MAXIMIZE("maximize", Require::flag),
    BETA1("beta1", Require::belowOne),
    BETA2("beta2", Require::belowOne),
    EPS("eps", Require::finitePositive),
    AMSGRAD("amsgrad", Require::flag),
    MOMENTUM("momentum", Require::notNegative),
    DAMPENING("dampening", Require::finite),
    NESTEROV("nesterov", Require::flag),
    MOMENTUM_DECAY("momentum_decay", Require::notNegative),
    ALPHA("alpha", Require::fraction),
    CENTERED("centered", Require::flag),
    RHO("rho", Require::fraction),
    LR_DECAY("lr_decay", Require::notNegative),
    INITIAL_ACCUMULATOR_VALUE("initial_accumulator_value", Require::notNegative);

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

    static Option of(String key) {
        for (Option option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
        }
        throw new IllegalArgumentException(key);
    }

    double check(String optimizer, double value) {
        return range.check(value, optimizer + ": " + key);
    }

    private interface Range {
        double check(double value, String what);
    }
}
