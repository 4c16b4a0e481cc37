package io.github.lightning4j.checkpoint.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state as it was at one moment, with copies of its tensors in native memory, so that it can be written later, on
 * any thread, while training goes on. To be closed.
 */
public final class Snapshot implements AutoCloseable {
    /** Smaller copies are made anew: that is quicker than to overwrite one. */
    private static final long WORTH_KEEPING = 1 << 20;

    private final NDManager manager;
    private Map<String, NDArray> copies = new LinkedHashMap<>();
    private Map<String, Object> values = Map.of();

    /** Copies a state. */
    public Snapshot(Map<String, Object> values, Map<String, NDArray> tensors) {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try {
            update(values, tensors);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** Takes another state in place of this one. Large copies keep their memory, which the system would first clear. */
    public void update(Map<String, Object> newValues, Map<String, NDArray> tensors) {
        Map<String, NDArray> previous = copies;
        values = newValues;
        copies = new LinkedHashMap<>();
        try (GradMode off = GradMode.off()) {
            MemoryScope.outside(() -> {
                tensors.forEach((name, array) -> copies.put(name, copy(array, previous.remove(name))));
                return copies;
            });
        }
        previous.values().forEach(NDArray::close);
    }

    private NDArray copy(NDArray array, @Nullable NDArray previous) {
        if (previous != null) {
            if (fits(array, previous)) {
                TensorBytes.copy(array, previous);
                return previous;
            }
            previous.close();
        }
        NDArray copy = array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array.duplicate();
        copy.attach(manager);
        return copy;
    }

    private static boolean fits(NDArray array, NDArray previous) {
        return array.getShape().equals(previous.getShape())
                && array.getDataType() == previous.getDataType()
                && array.size() * array.getDataType().getNumOfBytes() >= WORTH_KEEPING;
    }

    public void writeTo(Path file, AtomicFile.Opener opener) {
        CheckpointFile.write(file, new SafetensorsWriter(values, copies)::writeTo, opener);
    }

    /** The copies, to be read. */
    public TensorSource tensors() {
        return new MemoryTensors(copies);
    }

    /** Frees the copies. */
    @Override
    public void close() {
        manager.close();
    }
}
