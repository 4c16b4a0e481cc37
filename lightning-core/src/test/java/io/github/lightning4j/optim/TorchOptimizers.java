package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.function.Function;

/** Builds optimizers from torch's class names and keyword arguments. */
final class TorchOptimizers {
    private static final Map<String, Function<PairList<String, Parameter>, OptimizerBuilder<?>>> BUILDERS = Map.of(
            "SGD",
            SGD::builder,
            "Adam",
            Adam::builder,
            "AdamW",
            AdamW::builder,
            "NAdam",
            NAdam::builder,
            "RAdam",
            RAdam::builder,
            "Adamax",
            Adamax::builder,
            "RMSprop",
            RMSprop::builder,
            "Adagrad",
            Adagrad::builder,
            "Adadelta",
            Adadelta::builder,
            "Lion",
            Lion::builder);

    private TorchOptimizers() {}

    static TorchOptimizer build(String name, JsonObject arguments, PairList<String, Parameter> parameters) {
        OptimizerBuilder<?> builder = BUILDERS.get(name).apply(parameters);
        for (Map.Entry<String, JsonElement> argument : arguments.entrySet()) {
            JsonElement value = argument.getValue();
            if (argument.getKey().equals("betas")) {
                builder.set(Option.BETA1, value.getAsJsonArray().get(0).getAsDouble());
                builder.set(Option.BETA2, value.getAsJsonArray().get(1).getAsDouble());
            } else if (value.getAsJsonPrimitive().isBoolean()) {
                builder.set(Option.of(argument.getKey()), value.getAsBoolean());
            } else {
                builder.set(Option.of(argument.getKey()), value.getAsDouble());
            }
        }
        return builder.build();
    }
}
