package io.github.lightning4j.data.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.torch.DatasetFields;

/** The last steps of making a batch. */
final class Batches {
    private Batches() {}

    /** Puts loaded and collated arrays on the manager's device and into a batch that owns the manager. */
    static Batch of(NDManager manager, NDList data, NDList labels, DatasetFields fields, Selection selection) {
        return new Batch(
                manager,
                onDevice(manager.getDevice(), data),
                onDevice(manager.getDevice(), labels),
                selection.size(),
                fields.dataBatchifier(),
                fields.labelBatchifier(),
                selection.done(),
                selection.total(),
                selection.indices());
    }

    private static NDList onDevice(Device device, NDList list) {
        for (int i = 0; i < list.size(); i++) {
            NDArray array = list.get(i);
            if (!device.equals(array.getDevice())) {
                list.set(i, array.toDevice(device, false));
                array.close();
            }
        }
        return list;
    }
}
