package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.torch.HostCopies;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the predictions of all batches and hands them over at the end. */
final class WholePredictions implements PredictionSink {
    private final Consumer<? super List<List<NDList>>> writer;
    private final NDManager manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
    private final List<List<NDList>> loaders = new ArrayList<>();

    WholePredictions(Consumer<? super List<List<NDList>>> writer) {
        this.writer = writer;
    }

    @Override
    public void write(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        while (loaders.size() <= loaderIndex) {
            loaders.add(new ArrayList<>());
        }
        loaders.get(loaderIndex).add(HostCopies.of(outputs, manager));
    }

    @Override
    public void finish() {
        writer.accept(loaders);
    }

    @Override
    public void close() {
        manager.close();
    }
}
