package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.function.UnaryOperator;

/** A {@link TensorList} on DJL's own operations, tensor by tensor. */
final class PlainTensorList extends TensorList {
    private static final NDIndex ALL = new NDIndex(":");

    private final NDArray[] tensors;
    private final boolean owner;

    PlainTensorList(List<? extends NDArray> tensors) {
        this(tensors.toArray(NDArray[]::new), false);
    }

    private PlainTensorList(NDArray[] tensors, boolean owner) {
        this.tensors = tensors;
        this.owner = owner;
    }

    @Override
    public TensorList copy() {
        NDArray[] copies = new NDArray[tensors.length];
        for (int i = 0; i < tensors.length; i++) {
            NDArray original = tensors[i];
            copies[i] = MemoryScope.outside(original::duplicate);
        }
        return new PlainTensorList(copies, true);
    }

    @Override
    public TensorList set(TensorList other) {
        for (int i = 0; i < tensors.length; i++) {
            assign(tensors[i], arraysOf(other)[i]);
        }
        return this;
    }

    @Override
    public TensorList zeroi() {
        return replace(NDArray::zerosLike);
    }

    @Override
    public TensorList addi(double value) {
        for (NDArray tensor : tensors) {
            tensor.addi(value);
        }
        return this;
    }

    @Override
    public TensorList addi(TensorList other, double alpha) {
        for (int i = 0; i < tensors.length; i++) {
            addScaled(tensors[i], arraysOf(other)[i].duplicate(), alpha);
        }
        return this;
    }

    @Override
    public TensorList muli(double value) {
        for (NDArray tensor : tensors) {
            tensor.muli(value);
        }
        return this;
    }

    @Override
    public TensorList muli(TensorList other) {
        for (int i = 0; i < tensors.length; i++) {
            tensors[i].muli(arraysOf(other)[i]);
        }
        return this;
    }

    @Override
    public TensorList divi(TensorList other) {
        for (int i = 0; i < tensors.length; i++) {
            tensors[i].divi(arraysOf(other)[i]);
        }
        return this;
    }

    @Override
    public TensorList addcmuli(TensorList a, TensorList b, double value) {
        for (int i = 0; i < tensors.length; i++) {
            addScaled(tensors[i], arraysOf(a)[i].mul(arraysOf(b)[i]), value);
        }
        return this;
    }

    @Override
    public TensorList addcdivi(TensorList a, TensorList b, double value) {
        for (int i = 0; i < tensors.length; i++) {
            addScaled(tensors[i], arraysOf(a)[i].div(arraysOf(b)[i]), value);
        }
        return this;
    }

    @Override
    public TensorList lerpi(TensorList end, double weight) {
        for (int i = 0; i < tensors.length; i++) {
            addScaled(tensors[i], arraysOf(end)[i].sub(tensors[i]), weight);
        }
        return this;
    }

    @Override
    public TensorList maximumi(TensorList other) {
        for (int i = 0; i < tensors.length; i++) {
            try (NDArray maximum = tensors[i].maximum(arraysOf(other)[i])) {
                assign(tensors[i], maximum);
            }
        }
        return this;
    }

    @Override
    public TensorList clampi(double low, double high) {
        return replace(tensor -> tensor.clip(low, high));
    }

    @Override
    public TensorList sqrti() {
        return replace(NDArray::sqrt);
    }

    @Override
    public TensorList absi() {
        return replace(NDArray::abs);
    }

    @Override
    public TensorList signi() {
        return replace(NDArray::sign);
    }

    @Override
    public double norm(double p) {
        double total = 0;
        for (NDArray tensor : tensors) {
            try (NDArray magnitude = tensor.abs()) {
                total = Double.isInfinite(p)
                        ? Math.max(total, reduce(magnitude.max()))
                        : total + powerSum(magnitude, p);
            }
        }
        return Double.isInfinite(p) || p == 1 ? total : p == 2 ? Math.sqrt(total) : Math.pow(total, 1 / p);
    }

    private static double powerSum(NDArray magnitude, double p) {
        if (p == 1) {
            return reduce(magnitude.sum());
        }
        try (NDArray powers = p == 2 ? magnitude.square() : magnitude.pow(p)) {
            return reduce(powers.sum());
        }
    }

    private static double reduce(NDArray scalar) {
        try (scalar) {
            return Tensors.toDouble(scalar);
        }
    }

    @Override
    public void close() {
        if (owner) {
            for (NDArray tensor : tensors) {
                tensor.close();
            }
        }
    }

    private TensorList replace(UnaryOperator<NDArray> operation) {
        for (NDArray tensor : tensors) {
            try (NDArray result = operation.apply(tensor)) {
                assign(tensor, result);
            }
        }
        return this;
    }

    /** {@code target += factor * summand}, which is used up. */
    private static void addScaled(NDArray target, NDArray summand, double factor) {
        try (summand) {
            target.addi(summand.muli(factor));
        }
    }

    private static void assign(NDArray target, NDArray value) {
        if (target.getShape().dimension() > 0) {
            target.set(ALL, value);
            return;
        }
        try (NDArray view = target.reshape(1)) {
            view.set(ALL, value);
        }
    }

    private static NDArray[] arraysOf(TensorList list) {
        return ((PlainTensorList) list).tensors;
    }
}
