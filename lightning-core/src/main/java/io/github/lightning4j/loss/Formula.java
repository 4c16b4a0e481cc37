package io.github.lightning4j.loss;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A loss in TorchScript that awaits its numbers, {@code {0}} and so on, and its reduction. */
final class Formula {
    private final String parameters;
    private final String expression;
    private final boolean reducesItself;
    private final Map<Settings, TorchFunction> written = new ConcurrentHashMap<>();

    private Formula(String parameters, String expression, boolean reducesItself) {
        this.parameters = parameters;
        this.expression = expression;
        this.reducesItself = reducesItself;
    }

    /** An ATen operator that is given the code of the reduction at {@code {r}}. */
    static Formula operator(String parameters, String expression) {
        return new Formula(parameters, expression, true);
    }

    /** An expression of one value an element. */
    static Formula elementwise(String parameters, String expression) {
        return new Formula(parameters, expression, false);
    }

    TorchFunction with(LossReduction reduction, double... numbers) {
        Settings settings =
                new Settings(reduction, Arrays.stream(numbers).boxed().toList());
        return written.computeIfAbsent(settings, this::write);
    }

    NDArray of(NDArray a, NDArray b, LossReduction reduction, double... numbers) {
        return with(reduction, numbers).apply(a, b);
    }

    private TorchFunction write(Settings settings) {
        LossReduction reduction = settings.reduction;
        String text = reducesItself
                ? expression.replace("{r}", Integer.toString(reduction.code()))
                : reduction.of(expression);
        for (int i = 0; i < settings.numbers.size(); i++) {
            text = text.replace("{" + i + "}", settings.numbers.get(i).toString());
        }
        return TorchFunction.returning(parameters, text);
    }

    private record Settings(LossReduction reduction, List<Double> numbers) {}
}
