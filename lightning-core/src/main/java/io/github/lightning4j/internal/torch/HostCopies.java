package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** Copies of arrays in the computer's own memory, which outlive the step that made the arrays. */
public final class HostCopies {
    private HostCopies() {}

    /** Copies arrays, names included; the copies belong to an owner on the CPU. */
    public static NDList of(NDList arrays, NDManager owner) {
        NDList copies = new NDList(arrays.size());
        for (NDArray array : arrays) {
            NDArray copy = MemoryScope.release(array.toDevice(Device.cpu(), true));
            copy.attach(owner);
            copy.setName(array.getName());
            copies.add(copy);
        }
        return copies;
    }
}
