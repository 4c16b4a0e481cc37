package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One parameter and its gradient, which is fetched once and belongs to no memory scope. */
final class GradientHandle implements AutoCloseable {
    private String name;
    private final Parameter parameter;
    private @Nullable PtNDArray array;
    private long address;
    private boolean live;
    private @Nullable PtNDArray gradient;

    GradientHandle(String name, Parameter parameter) {
        this.name = name;
        this.parameter = parameter;
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }

    Parameter parameter() {
        return parameter;
    }

    /** Whether the parameter is initialised and not frozen. */
    boolean live() {
        return live;
    }

    /** The parameter's tensor, once {@link #live}. */
    @Nullable
    PtNDArray array() {
        return array;
    }

    @Nullable
    PtNDArray gradient() {
        return gradient;
    }

    /**
     * Follows the parameter: its tensor may have been made or replaced, and it may have been frozen.
     *
     * @return whether anything changed
     */
    boolean follow() {
        if (!parameter.isInitialized()) {
            boolean changed = array != null;
            close();
            return changed;
        }
        PtNDArray current = (PtNDArray) parameter.getArray();
        boolean replaced = current != array || current.getHandle() != address;
        if (!replaced && live == parameter.requiresGradient()) {
            return false;
        }
        if (replaced) {
            forgetGradient();
            array = current;
            address = current.getHandle();
        }
        live = parameter.requiresGradient();
        fetch();
        return true;
    }

    /** Fetches the gradient if there is one by now. */
    boolean fetch() {
        PtNDArray owner = array;
        if (gradient == null && owner != null) {
            gradient = MemoryScope.outside(() -> JniUtils.getGradient(owner));
        }
        return gradient != null;
    }

    /** Gives the parameter a gradient with the bits of a saved one. */
    void restore(NDArray saved) {
        if (gradient != null) {
            try (TensorList target = TensorList.of(List.of(gradient));
                    TensorList source = TensorList.of(List.of(saved))) {
                target.set(source);
            }
            return;
        }
        PtNDArray leaf = (PtNDArray) parameter.getArray();
        leaf.setRequiresGradient(true);
        JniUtils.backward(leaf, (PtNDArray) saved, false, false);
        leaf.setRequiresGradient(parameter.requiresGradient());
        fetch();
    }

    /** Gives the parameter a gradient of zeros. */
    void restoreZero() {
        try (NDArray zeros = parameter.getArray().zerosLike()) {
            restore(zeros);
        }
    }

    private void forgetGradient() {
        if (gradient != null) {
            gradient.close();
            gradient = null;
        }
    }

    @Override
    public void close() {
        forgetGradient();
        array = null;
        live = false;
    }
}
