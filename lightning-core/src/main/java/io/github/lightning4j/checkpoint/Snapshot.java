package io.github.lightning4j.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.internal.djl.GradMode;
import io.github.lightning4j.internal.djl.MemoryScope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A state as it was at one moment, with copies of its tensors in native memory, so that it can be written or restored
 * later, on any thread, while training goes on. To be closed.
 */
public final class Snapshot implements AutoCloseable {
    private final Map<String, Object> values;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private final NDManager manager;

    /**
     * Copies a state.
     *
     * @param tree the root of a complete state, not to be written to any more
     */
    public Snapshot(StateTree tree) {
        tree.requireRoot();
        values = tree.values();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try (GradMode off = GradMode.off()) {
            MemoryScope.outside(() -> {
                tree.tensors().forEach((name, array) -> copies.put(name, copy(array)));
                return copies;
            });
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    private NDArray copy(NDArray array) {
        NDArray copy = array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array.duplicate();
        copy.attach(manager);
        return copy;
    }

    /**
     * The state, to restore it in this process.
     *
     * @return a reader, valid until this is closed
     */
    public SavedState reader() {
        return SavedState.of(new MemoryTensors(copies), "", values);
    }

    void writeTo(Path file, AtomicFile.Opener opener) {
        AtomicFile.write(file, new SafetensorsWriter(values, copies)::writeTo, opener);
    }

    /** Frees the copies. */
    @Override
    public void close() {
        manager.close();
    }
}
