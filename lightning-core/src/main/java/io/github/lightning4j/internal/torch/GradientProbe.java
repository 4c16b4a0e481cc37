package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.List;

/**
 * Asks which of some parameters have been reached by backward meanwhile. DJL's own question loses eight bytes each time
 * the answer is no, so all are asked at once through {@link TensorKernels} where that is possible.
 */
final class GradientProbe implements AutoCloseable {
    private final List<GradientHandle> handles;
    private final TensorList arrays;

    GradientProbe(List<GradientHandle> handles) {
        this.handles = handles;
        arrays = TensorList.of(handles.stream().map(GradientHandle::array).toList());
    }

    /**
     * Fetches the gradients that exist by now.
     *
     * @return whether there was any
     */
    boolean fetch() {
        return arrays instanceof ScriptedTensorList list ? fetchDefined(list) : fetchAll();
    }

    private boolean fetchDefined(ScriptedTensorList list) {
        boolean any = false;
        try (IValue answer = TensorKernels.get("has_grad", list.value())) {
            boolean[] defined = answer.toBooleanArray();
            for (int i = 0; i < defined.length; i++) {
                any |= defined[i] && handles.get(i).fetch();
            }
        }
        return any;
    }

    private boolean fetchAll() {
        boolean any = false;
        for (GradientHandle handle : handles) {
            any |= handle.fetch();
        }
        return any;
    }

    @Override
    public void close() {
        arrays.close();
    }
}
