package io.github.lightning4j.internal.torch;

import ai.djl.nn.Parameter;

/** Parameters of DJL that nobody trains. */
public final class Buffers {
    private Buffers() {}

    /** Whether a parameter is a running statistic of a normalisation. */
    public static boolean isStatistic(Parameter parameter) {
        return parameter.getType() == Parameter.Type.RUNNING_MEAN || parameter.getType() == Parameter.Type.RUNNING_VAR;
    }

    /** Whether a parameter is state that layers keep beside what is trained. */
    static boolean isBuffer(Parameter parameter) {
        return isStatistic(parameter) || (parameter.getType() == Parameter.Type.OTHER && !parameter.requiresGradient());
    }
}
