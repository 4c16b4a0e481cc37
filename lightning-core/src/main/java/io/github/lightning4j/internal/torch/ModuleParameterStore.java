package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.jspecify.annotations.Nullable;

/** Hands layers the module's own parameters: no copies, no map, no lookup. */
public final class ModuleParameterStore extends ParameterStore {
    /**
     * Creates a store.
     *
     * @param manager what DJL takes for the store's manager
     */
    public ModuleParameterStore(NDManager manager) {
        super(manager, false);
    }

    @Override
    public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
        return parameter == null ? null : parameter.getArray();
    }
}
