package io.github.lightning4j.optim.scheduler;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;

/** Parameters that stay uninitialised: schedules look at options alone. */
final class SomeParameters {
    private SomeParameters() {}

    static PairList<String, Parameter> named(String name) {
        PairList<String, Parameter> parameters = new PairList<>();
        parameters.add(
                name,
                Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT).build());
        return parameters;
    }
}
