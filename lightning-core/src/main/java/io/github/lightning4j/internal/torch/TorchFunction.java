package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable function of tensors, written as TorchScript: the one door to the ATen operators that DJL does not bind
 * or binds wrongly. Tensors alone are arguments; numbers and flags are part of the text. Equal texts are compiled once in a
 * JVM, at first use, and stay.
 *
 * <p>It records a graph if {@link GradMode} does on this thread.
 */
public final class TorchFunction {
    private static final Map<String, TorchScript> COMPILED = new ConcurrentHashMap<>();

    /** Names by which DJL would gather arguments into dictionaries, lists and tuples, or take them for a method's name. */
    private static final Pattern SPECIAL = Pattern.compile(".*\\..*|\\w+\\[]|\\w+\\(\\)|module_method:.*");

    private final String text;
    private @Nullable TorchScript script;

    private TorchFunction(String text) {
        this.text = text;
    }

    /**
     * Writes a function; nothing is compiled yet.
     *
     * @param parameters names, separated by commas; each is a tensor unless it is followed by another type
     * @param body statements, one a line, of which the last returns a tensor or a list or tuple of tensors
     */
    public static TorchFunction of(String parameters, String body) {
        return new TorchFunction(
                "  def forward(self, " + parameters + "):\n    " + body.strip().replace("\n", "\n    ") + "\n");
    }

    /** Writes a function that is one expression. */
    public static TorchFunction returning(String parameters, String expression) {
        return of(parameters, "return " + expression);
    }

    /**
     * An expression for a vector of numbers, of the dtype and on the device of a parameter. It is a sum of vectors of
     * float32 numbers, since {@code torch.tensor} rounds lists to float32 whatever dtype is asked for.
     */
    public static String vector(String like, double... values) {
        double[] rest = values.clone();
        StringJoiner sum = new StringJoiner(" + ", "(", ")");
        do {
            float[] rounded = new float[rest.length];
            for (int i = 0; i < rest.length; i++) {
                rounded[i] = (float) rest[i];
                rest[i] -= rounded[i];
            }
            sum.add("torch.tensor(" + Arrays.toString(rounded) + ", dtype=" + like + ".dtype, device=" + like
                    + ".device)");
        } while (Arrays.stream(rest).anyMatch(left -> Math.abs(left) > Float.MIN_NORMAL));
        return sum.toString();
    }

    /**
     * Computes the one result.
     *
     * @param arguments at least one; the result belongs to the manager of the first
     */
    public NDArray apply(NDArray... arguments) {
        return applyAll(arguments).head();
    }

    /** Computes all results. */
    public NDList applyAll(NDArray... arguments) {
        NDList inputs = new NDList(arguments.length);
        for (NDArray argument : arguments) {
            inputs.add(anonymous(argument));
        }
        TorchScript compiled = compiled();
        return GraphOptimizer.without(() -> compiled.forward(inputs));
    }

    private static NDArray anonymous(NDArray argument) {
        String name = argument.getName();
        return name == null || !SPECIAL.matcher(name).matches() ? argument : argument.reshape(argument.getShape());
    }

    private TorchScript compiled() {
        TorchScript compiled = script;
        if (compiled == null) {
            TorchRuntime.load();
            compiled = COMPILED.computeIfAbsent(text, TorchScript::load);
            script = compiled;
        }
        return compiled;
    }
}
