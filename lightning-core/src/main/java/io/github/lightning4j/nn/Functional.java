package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions of a user's own forward that DJL lacks on PyTorch, or that lose the gradient there. Each is torch's function of
 * that name, in values and gradients; results belong to the manager of the first argument, or to the open memory scope. A
 * number among the arguments is compiled into the function when it is first used, so it is not meant to change with every
 * step.
 */
public final class Functional {
    private static final TorchFunction GELU = TorchFunction.returning("x", "torch.gelu(x)");
    private static final TorchFunction GELU_TANH = TorchFunction.returning("x", "torch.gelu(x, approximate='tanh')");
    private static final TorchFunction SILU = TorchFunction.returning("x", "torch.silu(x)");
    private static final TorchFunction SOFTPLUS = TorchFunction.returning("x", "torch.softplus(x)");
    private static final TorchFunction BMM = TorchFunction.returning("x, y", "torch.matmul(x, y)");
    private static final TorchFunction WHERE = TorchFunction.returning("c, x, y", "torch.where(c, x, y)");
    private static final TorchFunction ATTENTION =
            TorchFunction.returning("q, k, v", "torch.scaled_dot_product_attention(q, k, v)");
    private static final TorchFunction CAUSAL_ATTENTION =
            TorchFunction.returning("q, k, v", "torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)");
    private static final TorchFunction MASKED_ATTENTION =
            TorchFunction.returning("q, k, v, mask", "torch.scaled_dot_product_attention(q, k, v, mask)");

    private static final TorchFunction GRAD = TorchFunction.of("y, x", """
            one: List[Optional[Tensor]] = [torch.ones_like(y)]
            found = torch.autograd.grad([y], [x], one, True, True)[0]
            assert found is not None
            return found
            """);

    private static final Map<String, TorchFunction> WRITTEN = new ConcurrentHashMap<>();

    private Functional() {}

    private static TorchFunction written(String parameters, String expression) {
        return WRITTEN.computeIfAbsent(expression, text -> TorchFunction.returning(parameters, text));
    }

    /**
     * The gradient of the sum of an array with regard to an array it was computed from, which can itself be differentiated:
     * torch's {@code autograd.grad(y.sum(), x, create_graph=True)}. A gradient penalty is one of its uses (Gulrajani et al.
     * 2017). The graph of {@code y} stays until the loss that uses the result has had its backward.
     *
     * @param y of any shape
     * @param x what {@code y} was computed from: a parameter, or an array with {@code setRequiresGradient(true)}
     * @return of the shape of {@code x}
     */
    public static NDArray grad(NDArray y, NDArray x) {
        return GRAD.apply(y, x);
    }

    /**
     * GELU by the error function (Hendrycks and Gimpel 2016): {@code x * P(N(0, 1) < x)}.
     *
     * @param x of any shape
     * @return of the same shape
     */
    public static NDArray gelu(NDArray x) {
        return GELU.apply(x);
    }

    /**
     * GELU by its approximation with tanh, which GPT-2 was trained with.
     *
     * @param x of any shape
     * @return of the same shape
     */
    public static NDArray geluTanh(NDArray x) {
        return GELU_TANH.apply(x);
    }

    /**
     * SiLU, also called swish: {@code x * sigmoid(x)}.
     *
     * @param x of any shape
     * @return of the same shape
     */
    public static NDArray silu(NDArray x) {
        return SILU.apply(x);
    }

    /**
     * {@code log(1 + e^x)}, without overflow.
     *
     * @param x of any shape
     * @return of the same shape
     */
    public static NDArray softplus(NDArray x) {
        return SOFTPLUS.apply(x);
    }

    /**
     * The product of matrices, with equal or broadcast leading axes.
     *
     * @param x (..., n, k)
     * @param y (..., k, m)
     * @return (..., n, m)
     */
    public static NDArray matmul(NDArray x, NDArray y) {
        return BMM.apply(x, y);
    }

    /**
     * Takes from one array where a condition holds and from another elsewhere; shapes are broadcast.
     *
     * @param condition BOOLEAN
     * @param x where it holds
     * @param y where it does not
     * @return of the broadcast shape
     */
    public static NDArray where(NDArray condition, NDArray x, NDArray y) {
        return WHERE.apply(condition, x, y);
    }

    /**
     * Sums along an axis, each with all before it.
     *
     * @param x of any shape
     * @param axis from the start, or from the end if negative
     * @return of the same shape
     */
    public static NDArray cumsum(NDArray x, int axis) {
        return written("x", "torch.cumsum(x, " + axis + ")").apply(x);
    }

    /**
     * Picks along an axis by indices.
     *
     * @param x of any shape
     * @param axis from the start, or from the end if negative
     * @param indices INT64, as many axes as x and no longer along the others
     * @return of the indices' shape
     * @throws DataException if the indices are not INT64
     */
    public static NDArray gather(NDArray x, int axis, NDArray indices) {
        requireIndices("gather", indices);
        return written("x, i", "torch.gather(x, " + axis + ", i)").apply(x, indices);
    }

    /**
     * Adds values to the places along an axis that indices name.
     *
     * @param x of any shape; unchanged
     * @param axis from the start, or from the end if negative
     * @param indices INT64, of the values' shape
     * @param values as many axes as x
     * @return of the shape of x
     * @throws DataException if the indices are not INT64
     */
    public static NDArray scatterAdd(NDArray x, int axis, NDArray indices, NDArray values) {
        requireIndices("scatterAdd", indices);
        return written("x, i, v", "torch.scatter_add(x, " + axis + ", i, v)").apply(x, indices, values);
    }

    /**
     * Converts to another floating point type; unlike DJL's {@code toType}, which cuts the graph, with a gradient.
     *
     * @param x of any shape
     * @param type FLOAT32, FLOAT64 or FLOAT16
     * @return of the same shape
     * @throws DataException if the type has no gradients
     */
    public static NDArray toType(NDArray x, DataType type) {
        String code = switch (type) {
            case FLOAT16 -> "5";
            case FLOAT32 -> "6";
            case FLOAT64 -> "7";
            default ->
                throw new DataException("Functional.toType got the type " + type
                        + ", but gradients exist for FLOAT32, FLOAT64 and FLOAT16. Use NDArray.toType.");
        };
        return written("x", "x.to(dtype=" + code + ")").apply(x);
    }

    /**
     * {@code softmax(q k^T / sqrt(E)) v}, by torch's {@code scaled_dot_product_attention}.
     *
     * @param query (..., L, E)
     * @param key (..., S, E)
     * @param value (..., S, V)
     * @return (..., L, V)
     */
    public static NDArray scaledDotProductAttention(NDArray query, NDArray key, NDArray value) {
        return ATTENTION.apply(query, key, value);
    }

    /**
     * The same with a mask.
     *
     * @param query (..., L, E)
     * @param key (..., S, E)
     * @param value (..., S, V)
     * @param mask broadcast to (..., L, S): BOOLEAN, true where a key <em>is</em> looked at, or numbers that are added
     *     before softmax
     * @return (..., L, V)
     */
    public static NDArray scaledDotProductAttention(NDArray query, NDArray key, NDArray value, NDArray mask) {
        return MASKED_ATTENTION.apply(query, key, value, mask);
    }

    /**
     * The same where each step looks at itself and earlier ones alone.
     *
     * @param query (..., L, E)
     * @param key (..., L, E)
     * @param value (..., L, V)
     * @return (..., L, V)
     */
    public static NDArray causalAttention(NDArray query, NDArray key, NDArray value) {
        return CAUSAL_ATTENTION.apply(query, key, value);
    }

    private static void requireIndices(String function, NDArray indices) {
        if (indices.getDataType() != DataType.INT64) {
            throw new DataException("Functional." + function + " got indices of type " + indices.getDataType()
                    + ", but they must be INT64. Convert them with toType(DataType.INT64, false).");
        }
    }
}
