package io.github.lightning4j.data.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Record;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers rows of tensors, one native call for each tensor. */
public final class TensorRows implements RowSource {
    private static final String CLOSED =
            "A tensor of the dataset is closed; keep the manager it was made on open while it is loaded from";

    private final NDManager views;
    private final Tensors tensors;
    private final List<Rows> data;
    private final List<Rows> labels;
    private final Device device;

    /**
     * Tensors of equal length on one device.
     *
     * @param data at least one
     * @param labels any number
     * @param table the row that each index stands for, or null if every index is its row
     */
    public record Tensors(
            NDList data, NDList labels, @Nullable IndexList table) {
        public boolean canBeGathered() {
            NDList all = new NDList(data).addAll(labels);
            if (all.stream().anyMatch(NDArray::isReleased)) {
                throw new DataException(CLOSED);
            }
            Device device = data.head().getDevice();
            return all.stream()
                    .allMatch(tensor ->
                            Rows.canTakeFrom(tensor) && tensor.getDevice().equals(device));
        }
    }

    /** The views needed hang below the manager until closed. */
    public TensorRows(NDManager manager, Tensors tensors) {
        views = manager.newSubManager();
        this.tensors = tensors;
        try {
            data = rows(tensors.data());
            labels = rows(tensors.labels());
            device = tensors.data().head().getDevice();
        } catch (IllegalStateException e) {
            views.close();
            throw new DataException(CLOSED, e);
        }
    }

    private List<Rows> rows(NDList list) {
        List<Rows> rows = new ArrayList<>(list.size());
        for (NDArray tensor : list) {
            rows.add(new Rows(views, tensor));
        }
        return rows;
    }

    @Override
    public Record rows(NDManager manager, IndexList indices) {
        NDManager owner = device.equals(manager.getDevice()) ? manager : manager.newSubManager(device);
        try (NDArray index = owner.create(tableRows(indices).array())) {
            return new Record(take(data, tensors.data(), index), take(labels, tensors.labels(), index));
        }
    }

    private IndexList tableRows(IndexList indices) {
        return tensors.table() == null ? indices : tensors.table().pick(indices);
    }

    private static NDList take(List<Rows> rows, NDList tensors, NDArray index) {
        NDList taken = new NDList(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            NDArray array = rows.get(i).take(index);
            array.setName(tensors.get(i).getName());
            taken.add(array);
        }
        return taken;
    }

    @Override
    public void close() {
        views.close();
    }
}
