package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.List;

/** The outputs of {@code Trainer.predict}, on the CPU. They belong to the caller, who closes them here. */
public final class PredictResult implements AutoCloseable {
    private final NDManager manager;
    private final List<List<NDList>> loaders;

    PredictResult(NDManager manager, List<List<NDList>> loaders) {
        this.manager = manager;
        this.loaders = loaders;
    }

    /**
     * What was predicted for each batch of the first loader.
     *
     * @return one list of arrays a batch
     * @throws LightningException if this was closed
     */
    public List<NDList> batches() {
        return batches(0);
    }

    /**
     * What was predicted for each batch of one loader.
     *
     * @param loader the loader's index, from 0
     * @return one list of arrays a batch
     * @throws LightningException if this was closed
     */
    public List<NDList> batches(int loader) {
        if (!manager.isOpen()) {
            throw new LightningException(
                    "The predictions were closed and freed. Read them before close(), within the try,"
                            + " or copy what is to stay, array.toFloatArray() or array.duplicate() with attach(manager).");
        }
        return loaders.get(loader);
    }

    /**
     * The first output of all batches of the first loader, one after the other.
     *
     * @return an array of shape (samples, ...), owned by this result
     * @throws LightningException if nothing was predicted, or the outputs differ in more than the number of samples
     */
    public NDArray concat() {
        if (batches().isEmpty()) {
            throw new LightningException("Nothing was predicted, so there is nothing to concatenate.");
        }
        requireAlike();
        NDArray all =
                NDArrays.concat(new NDList(batches().stream().map(NDList::head).toArray(NDArray[]::new)));
        MemoryScope.release(all).attach(manager);
        return all;
    }

    private void requireAlike() {
        NDArray first = batches().get(0).head();
        for (int i = 0; i < batches().size(); i++) {
            NDArray other = batches().get(i).head();
            boolean rows = other.getShape().dimension() > 0 && first.getShape().dimension() > 0;
            if (!rows
                    || !other.getShape().slice(1).equals(first.getShape().slice(1))
                    || other.getDataType() != first.getDataType()) {
                throw new LightningException("The predictions cannot be concatenated: batch " + i + " gave "
                        + other.getDataType() + " " + other.getShape() + " and batch 0 " + first.getDataType() + " "
                        + first.getShape()
                        + ", but all must be alike but for the number of samples. Take them one by one"
                        + " from batches(), or pad them in predictStep.");
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
