package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The adapter of one matrix: A (rank, inputs) and B (outputs, rank), which it adds to the matrix as scale B A. */
final class LowRank {
    private final LowRankSettings settings;
    private final Parameter a;
    private final Parameter b;

    /** Makes the two parameters, without values yet. */
    LowRank(LowRankSettings settings, int inputs, int outputs) {
        float bound = (float) (1 / Math.sqrt(inputs));
        this.settings = settings;
        a = parameter(
                "lora_A.weight",
                (manager, shape, type) -> manager.randomUniform(-bound, bound, shape, type),
                settings.rank(),
                inputs);
        b = parameter("lora_B.weight", Initializer.ZEROS, outputs, settings.rank());
    }

    private static Parameter parameter(String name, Initializer initializer, long... shape) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(shape))
                .optInitializer(initializer)
                .build();
    }

    /** What the adapter adds, as TorchScript. */
    String term(String x, String a, String b, boolean training) {
        String dropped =
                training && settings.dropout() > 0 ? "torch.dropout(" + x + ", " + settings.dropout() + ", True)" : x;
        return " + torch.linear(torch.linear(" + dropped + ", " + a + "), " + b + ") * " + settings.scale();
    }

    LowRankSettings settings() {
        return settings;
    }

    List<Parameter> parameters() {
        return List.of(a, b);
    }

    boolean has(Parameter parameter) {
        return parameter == a || parameter == b;
    }

    /** What one of several equal parts of the outputs is computed with. */
    long weights(int parts) {
        return a.getShape().size() + b.getShape().size() / parts;
    }

    /** Before its first values it would add nothing. */
    boolean isActive() {
        return a.isInitialized() && b.isInitialized();
    }

    /** Of a layer's parameters those that its function is given. */
    static Collection<Parameter> used(@Nullable LowRank adapter, Collection<Parameter> parameters) {
        return adapter == null || adapter.isActive()
                ? parameters
                : parameters.stream()
                        .filter(parameter -> !adapter.has(parameter))
                        .toList();
    }

    void mergeInto(Parameter weight) {
        if (!isActive()) {
            return;
        }
        try (GradMode off = GradMode.off();
                NDArray product = b.getArray().matMul(a.getArray());
                NDArray added = product.mul(settings.scale())) {
            weight.getArray().addi(added);
        }
        a.close();
        b.close();
    }
}
