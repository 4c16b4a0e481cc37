package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link TensorList} that libtorch sees as one value: its operations are single calls into {@link TensorKernels}. */
final class ScriptedTensorList extends TensorList {
    private final IValue tensors;
    private @Nullable IValue heads;

    ScriptedTensorList(List<? extends NDArray> tensors) {
        this(IValue.listFrom(tensors.toArray(PtNDArray[]::new)));
    }

    private ScriptedTensorList(IValue tensors) {
        this.tensors = tensors;
    }

    /** The list as an argument of {@link TensorKernels}. */
    IValue value() {
        return tensors;
    }

    /** Empty views of contiguous tensors: an operation in place on them counts as a change of the tensors, and changes none. */
    IValue heads() {
        IValue views = heads;
        if (views == null) {
            views = TensorKernels.get("heads", tensors);
            heads = views;
        }
        return views;
    }

    @Override
    public TensorList copy() {
        return new ScriptedTensorList(TensorKernels.get("copy", tensors));
    }

    @Override
    public TensorList set(TensorList other) {
        return call("set", other);
    }

    @Override
    public TensorList zeroi() {
        return call("zero");
    }

    @Override
    public TensorList addi(double value) {
        return call("add_scalar", value);
    }

    @Override
    public TensorList addi(TensorList other, double alpha) {
        return call("add", other, alpha);
    }

    @Override
    public TensorList muli(double value) {
        return call("mul_scalar", value);
    }

    @Override
    public TensorList muli(TensorList other) {
        return call("mul", other);
    }

    @Override
    public TensorList divi(TensorList other) {
        return call("div", other);
    }

    @Override
    public TensorList addcmuli(TensorList a, TensorList b, double value) {
        return call("addcmul", a, b, value);
    }

    @Override
    public TensorList addcdivi(TensorList a, TensorList b, double value) {
        return call("addcdiv", a, b, value);
    }

    @Override
    public TensorList lerpi(TensorList end, double weight) {
        return call("lerp", end, weight);
    }

    @Override
    public TensorList maximumi(TensorList other) {
        return call("maximum", other);
    }

    @Override
    public TensorList clampi(double low, double high) {
        try (IValue from = IValue.from(low);
                IValue to = IValue.from(high)) {
            TensorKernels.run("clamp", tensors, from, to);
        }
        return this;
    }

    @Override
    public TensorList sqrti() {
        return call("sqrt");
    }

    @Override
    public TensorList absi() {
        return call("abs");
    }

    @Override
    public TensorList signi() {
        return call("sign");
    }

    @Override
    public double norm(double p) {
        try (IValue order = IValue.from(p);
                IValue norm = TensorKernels.get("norm", tensors, order)) {
            return norm.toDouble();
        }
    }

    @Override
    public void close() {
        if (heads != null) {
            heads.close();
        }
        tensors.close();
    }

    private TensorList call(String method) {
        TensorKernels.run(method, tensors);
        return this;
    }

    private TensorList call(String method, double number) {
        try (IValue value = IValue.from(number)) {
            TensorKernels.run(method, tensors, value);
        }
        return this;
    }

    private TensorList call(String method, TensorList other) {
        TensorKernels.run(method, tensors, valueOf(other));
        return this;
    }

    private TensorList call(String method, TensorList other, double number) {
        try (IValue value = IValue.from(number)) {
            TensorKernels.run(method, tensors, valueOf(other), value);
        }
        return this;
    }

    private TensorList call(String method, TensorList a, TensorList b, double number) {
        try (IValue value = IValue.from(number)) {
            TensorKernels.run(method, tensors, valueOf(a), valueOf(b), value);
        }
        return this;
    }

    private static IValue valueOf(TensorList list) {
        return ((ScriptedTensorList) list).tensors;
    }
}
