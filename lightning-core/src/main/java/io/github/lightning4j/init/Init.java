package io.github.lightning4j.init;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.TensorBytes;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * What {@code torch.nn.init} offers, as initializers: each draws the numbers that torch's function of that name draws after
 * the same {@code manual_seed}, on the CPU.
 *
 * <pre>{@code
 * Init.of(conv, Parameter.Type.WEIGHT, Init.kaimingNormal(Fan.OUT, Gain.relu()));
 * Init.of(head.getParameters().get("bias"), Init.constant(-4.6));
 * }</pre>
 *
 * <p>Weights have the shape (outputs, inputs, kernel...).
 */
public final class Init {
    private static final TorchFunction UNIFORM =
            TorchFunction.returning("x, low, high", "torch.uniform_(x, float(low), float(high))");
    private static final TorchFunction NORMAL =
            TorchFunction.returning("x, mean, std", "torch.normal_(x, float(mean), float(std))");
    private static final TorchFunction CONSTANT = TorchFunction.returning("x, value", "torch.fill_(x, float(value))");

    private static final TorchFunction TRUNCATED = TorchFunction.of("x, mean, std, low, high", """
            result = torch.normal_(x, float(mean), float(std))
            outside = torch.logical_or(result < low.to(dtype=x.dtype), result > high.to(dtype=x.dtype))
            more = bool(torch.any(outside))
            while more:
              again = torch.normal_(torch.empty_like(x), float(mean), float(std))
              result = torch.where(outside, again, result)
              outside = torch.logical_or(result < low.to(dtype=x.dtype), result > high.to(dtype=x.dtype))
              more = bool(torch.any(outside))
            return result""");

    private static final TorchFunction TAIL = TorchFunction.of("x, mean, std, low, high, peak", """
            result = torch.uniform_(x, float(low), float(high))
            height = torch.sub(torch.mul(torch.pow(torch.div(torch.sub(result, float(mean)), float(std)), 2), -0.5), float(peak))
            pending = torch.gt(torch.log(torch.uniform_(torch.empty_like(x), 0.0, 1.0)), height)
            more = bool(torch.any(pending))
            while more:
              again = torch.uniform_(torch.empty_like(x), float(low), float(high))
              result = torch.where(pending, again, result)
              height = torch.sub(torch.mul(torch.pow(torch.div(torch.sub(again, float(mean)), float(std)), 2), -0.5), float(peak))
              chosen = torch.gt(torch.log(torch.uniform_(torch.empty_like(x), 0.0, 1.0)), height)
              pending = torch.logical_and(pending, chosen)
              more = bool(torch.any(pending))
            return result""");

    private static final TorchFunction ORTHOGONAL = TorchFunction.of("x, gain", """
            rows = x.size(0)
            flat = torch.normal_(torch.empty_like(x), 0.0, 1.0).view([rows, -1])
            wide = flat.size(1) > rows
            if wide:
              flat = torch.t(flat)
            q, r = torch.linalg_qr(flat)
            q = q * torch.sign(torch.diag(r))
            if wide:
              q = torch.t(q)
            return torch.contiguous(q).view_as(x) * float(gain)""");

    private static final TorchFunction EYE =
            TorchFunction.returning("x", "torch.eye(x.size(0), x.size(1), dtype=x.dtype, device=x.device)");

    private static final TorchFunction DIRAC = TorchFunction.of("x, groups", """
            per = torch.floordiv(x.size(0), int(groups))
            flat = x.view([x.size(0), x.size(1), -1])
            middle = 0
            for axis in range(torch.dim(x) - 2):
              middle = middle * x.size(axis + 2) + torch.floordiv(x.size(axis + 2), 2)
            for row in range(x.size(0)):
              at = torch.remainder(row, per)
              if at < x.size(1):
                torch.fill_(flat[row, at, middle], 1)
            return x""");

    private Init() {}

    /**
     * Gives a parameter its first values: when it is made, or in place if it exists already.
     *
     * @param parameter the parameter
     * @param initializer what draws them
     * @throws ConfigurationException if the parameter exists and its shape does not suit
     */
    public static void of(Parameter parameter, Initializer initializer) {
        if (!parameter.isInitialized()) {
            parameter.setInitializer(initializer);
            return;
        }
        NDArray array = parameter.getArray();
        try (GradMode off = GradMode.off();
                NDManager manager = array.getManager().newSubManager()) {
            NDArray made = initializer.initialize(manager, array.getShape(), array.getDataType());
            if (!made.getShape().equals(array.getShape())) {
                throw new ConfigurationException(
                        "The initializer " + ClassName.of(initializer) + " made values of shape "
                                + made.getShape() + " for the parameter '" + parameter.getName() + "' of shape "
                                + array.getShape() + ". Let it make what it is asked for.");
            }
            TensorBytes.copy(made, array);
        }
    }

    /**
     * Gives the parameters of a type in a block and all below it their first values: those that are made later, and in place
     * those that exist already.
     *
     * @param block the block
     * @param type which parameters, {@code WEIGHT} or {@code BIAS} for instance
     * @param initializer what draws them, in the order of the layers
     * @throws ConfigurationException if a parameter exists and its shape does not suit
     */
    public static void of(Block block, Parameter.Type type, Initializer initializer) {
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.getType() == type) {
                of(parameter, initializer);
            }
        }
    }

    /**
     * One number everywhere.
     *
     * @param value the number
     * @return the initializer
     */
    public static Initializer constant(double value) {
        return (manager, shape, type) -> draw(manager.zeros(shape, type), CONSTANT, value);
    }

    /**
     * 0 everywhere.
     *
     * @return the initializer
     */
    public static Initializer zeros() {
        return Initializer.ZEROS;
    }

    /**
     * 1 everywhere.
     *
     * @return the initializer
     */
    public static Initializer ones() {
        return Initializer.ONES;
    }

    /**
     * Equally likely between two numbers.
     *
     * @param low the least
     * @param high not reached, above low
     * @return the initializer
     * @throws ConfigurationException if high is below low
     */
    public static Initializer uniform(double low, double high) {
        requireOrder(low, high);
        return (manager, shape, type) -> draw(manager.zeros(shape, type), UNIFORM, low, high);
    }

    /**
     * Normal.
     *
     * @param mean the mean
     * @param std the standard deviation, 0 or more
     * @return the initializer
     * @throws ConfigurationException if the deviation is negative
     */
    public static Initializer normal(double mean, double std) {
        Require.notNegative(std, "std");
        return (manager, shape, type) -> draw(manager.zeros(shape, type), NORMAL, mean, std);
    }

    /**
     * Normal between two numbers: torch's {@code trunc_normal_} with its defaults of mean 0 and bounds -2 and 2.
     *
     * @param std the standard deviation before it is cut, above 0
     * @return the initializer
     * @throws ConfigurationException if the deviation is not positive
     */
    public static Initializer truncatedNormal(double std) {
        return truncatedNormal(0, std, -2, 2);
    }

    /**
     * Normal between two numbers: torch's {@code trunc_normal_}, by the rejection that PyTorch 2.13 draws by.
     *
     * @param mean the mean before it is cut
     * @param std the standard deviation before it is cut, above 0
     * @param low the least
     * @param high the greatest
     * @return the initializer
     * @throws ConfigurationException if a number is out of range
     */
    public static Initializer truncatedNormal(double mean, double std, double low, double high) {
        Require.finitePositive(std, "std");
        requireOrder(low, high);
        double peak = (Math.max(low, Math.min(mean, high)) - mean) / std;
        boolean often = Normal.below((high - mean) / std) - Normal.below((low - mean) / std) > 0.3;
        return (manager, shape, type) -> often
                ? draw(manager.zeros(shape, type), TRUNCATED, mean, std, low, high)
                : draw(manager.zeros(shape, type), TAIL, mean, std, low, high, -0.5 * peak * peak);
    }

    /**
     * Uniform by the rule of Glorot and Bengio (2010): in plus and minus gain * sqrt(6 / (fan in + fan out)).
     *
     * @param gain of what follows, from {@link Gain}; torch's default is 1
     * @return the initializer, of weights
     */
    public static Initializer xavierUniform(double gain) {
        return (manager, shape, type) -> {
            double bound = Math.sqrt(3) * gain * Math.sqrt(2 / Fan.both(shape));
            return draw(manager.zeros(shape, type), UNIFORM, -bound, bound);
        };
    }

    /**
     * Normal by the rule of Glorot and Bengio (2010): with mean 0 and deviation gain * sqrt(2 / (fan in + fan out)).
     *
     * @param gain of what follows, from {@link Gain}; torch's default is 1
     * @return the initializer, of weights
     */
    public static Initializer xavierNormal(double gain) {
        return (manager, shape, type) ->
                draw(manager.zeros(shape, type), NORMAL, 0, gain * Math.sqrt(2 / Fan.both(shape)));
    }

    /**
     * Uniform by the rule of He et al. (2015): in plus and minus gain * sqrt(3 / fan).
     *
     * @param fan what is counted; torch's default is {@link Fan#IN}
     * @param gain of what follows, from {@link Gain}; torch's default is that of leaky ReLU with its slope {@code a = 0}
     * @return the initializer, of weights
     */
    public static Initializer kaimingUniform(Fan fan, double gain) {
        return (manager, shape, type) -> {
            double bound = Math.sqrt(3) * (gain / Math.sqrt(fan.of(shape)));
            return draw(manager.zeros(shape, type), UNIFORM, -bound, bound);
        };
    }

    /**
     * Normal by the rule of He et al. (2015): with mean 0 and deviation gain / sqrt(fan).
     *
     * @param fan what is counted; torch's default is {@link Fan#IN}
     * @param gain of what follows, from {@link Gain}; torch's default is that of leaky ReLU with its slope {@code a = 0}
     * @return the initializer, of weights
     */
    public static Initializer kaimingNormal(Fan fan, double gain) {
        return (manager, shape, type) -> draw(manager.zeros(shape, type), NORMAL, 0, gain / Math.sqrt(fan.of(shape)));
    }

    /**
     * A matrix whose rows or columns, whichever are fewer, are orthogonal and of length gain (Saxe et al. 2013); further
     * axes count as columns.
     *
     * @param gain by what it is multiplied; torch's default is 1
     * @return the initializer, of two axes or more
     */
    public static Initializer orthogonal(double gain) {
        return (manager, shape, type) -> {
            requireAxes(shape, 2, Integer.MAX_VALUE, "Init.orthogonal", "two axes or more");
            return draw(manager.zeros(shape, type), ORTHOGONAL, gain);
        };
    }

    /**
     * 1 on the diagonal and 0 elsewhere.
     *
     * @return the initializer, of two axes
     */
    public static Initializer eye() {
        return (manager, shape, type) -> {
            requireAxes(shape, 2, 2, "Init.eye", "two axes");
            return draw(manager.zeros(shape, type), EYE);
        };
    }

    /**
     * Convolutions that pass on their inputs: 1 in the middle of the kernel from each input to its output, 0 elsewhere.
     *
     * @param groups in how many groups the outputs are, 1 or more and a divisor of their number; torch's default is 1
     * @return the initializer, of three to five axes
     * @throws ConfigurationException if groups is less than 1
     */
    public static Initializer dirac(int groups) {
        Require.atLeast(1, groups, "groups");
        return (manager, shape, type) -> {
            requireAxes(shape, 3, 5, "Init.dirac", "three to five axes");
            Require.that(shape.get(0) % groups == 0, "groups", groups, "a divisor of " + shape.get(0) + " outputs", "");
            return draw(manager.zeros(shape, type), DIRAC, groups);
        };
    }

    private static void requireOrder(double low, double high) {
        Require.finite(low, "low");
        Require.that(high >= low && high < Double.POSITIVE_INFINITY, "high", high, "finite and not below " + low, "");
    }

    private static void requireAxes(Shape shape, int least, int most, String who, String expected) {
        int axes = shape.dimension();
        Require.that(axes >= least && axes <= most, "the shape for " + who, shape, "of " + expected, "");
    }

    /** Numbers travel as arrays, so that one text serves all of them. */
    private static NDArray draw(NDArray zeros, TorchFunction function, double... numbers) {
        NDManager owner = zeros.getManager();
        try (GradMode off = GradMode.off();
                NDManager manager = owner.newSubManager()) {
            NDArray[] arguments = new NDArray[1 + numbers.length];
            arguments[0] = zeros;
            for (int i = 0; i < numbers.length; i++) {
                arguments[1 + i] = manager.create(numbers[i]);
            }
            NDArray drawn = function.apply(arguments);
            zeros.close();
            drawn.attach(owner);
            return drawn;
        }
    }
}
