package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ParamGroup;

/** The option that schedules cycle against the rate: {@code momentum}, or {@code beta1} of the Adam family. */
final class Momentum {
    private Momentum() {}

    /** Sets the option; does nothing where the optimizer has neither. */
    static void set(ParamGroup group, double value) {
        if (group.has("beta1")) {
            group.set("beta1", value);
        } else if (group.has("momentum")) {
            group.set("momentum", value);
        }
    }
}
