package io.github.lightning4j.crossvalidation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.data.Fold;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Rows;
import io.github.lightning4j.trainer.PredictResult;

/** Gathers the predictions of all folds in the order of the dataset. */
final class OutOfFold implements AutoCloseable {
    private final NDManager manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
    private final NDList parts = new NDList();
    private final long[] position;
    private int filled;

    OutOfFold(int samples) {
        position = new long[samples];
    }

    /** Takes over what one fold predicted of the samples it holds out, in their order. */
    void add(Fold fold, PredictResult predicted) {
        NDArray part = predicted.concat();
        long[] samples = fold.valIndices();
        if (part.size(0) != samples.length) {
            throw new LightningException("Fold " + fold.index() + " holds " + samples.length + " samples out, but "
                    + part.size(0)
                    + " were predicted. Give the Trainer no limitPredictBatches and the validation loader no"
                    + " dropLast, let predictStep return one row a sample, or call predict(false).");
        }
        for (long sample : samples) {
            position[(int) sample] = filled++;
        }
        part.attach(manager);
        parts.add(part);
    }

    /** All predictions; the caller closes their manager. */
    NDArray inOrder() {
        try (MemoryScope scope = MemoryScope.open();
                NDManager views = manager.newSubManager()) {
            NDArray all = NDArrays.concat(parts);
            NDArray ordered = new Rows(views, all).take(manager.create(position));
            NDManager owner = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
            MemoryScope.release(ordered).attach(owner);
            return ordered;
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
