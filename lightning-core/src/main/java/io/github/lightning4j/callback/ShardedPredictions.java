package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.checkpoint.internal.SafetensorsWriter;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions in safetensors files of a few batches each. */
final class ShardedPredictions implements PredictionSink {
    private final Path directory;
    private final int batchesPerFile;
    private final Map<String, NDList> held = new LinkedHashMap<>();
    private @Nullable NDManager manager;
    private int batches;
    private int loader;
    private int shard;

    ShardedPredictions(Path directory, int batchesPerFile) {
        this.directory = directory;
        this.batchesPerFile = batchesPerFile;
    }

    @Override
    public void write(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        if (loaderIndex != loader) {
            writeShard();
            loader = loaderIndex;
            shard = 0;
        }
        if (manager == null) {
            manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
        }
        for (int i = 0; i < outputs.size(); i++) {
            NDArray array = outputs.get(i);
            PredictionNames.samples(array, -1, batchIndex);
            NDArray copy = MemoryScope.release(array.toDevice(Device.cpu(), true));
            copy.attach(manager);
            held.computeIfAbsent(PredictionNames.of(array, i), name -> new NDList())
                    .add(copy);
        }
        batches++;
        if (batches == batchesPerFile) {
            writeShard();
        }
    }

    private void writeShard() {
        if (batches == 0) {
            return;
        }
        Path file = directory.resolve("predictions-%d-%05d.safetensors".formatted(loader, shard));
        try (MemoryScope scope = MemoryScope.open()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            held.forEach((name, parts) -> arrays.put(name, joined(name, parts)));
            CheckpointFile.write(file, new SafetensorsWriter(Map.of(), arrays)::writeTo);
        }
        shard++;
        close();
    }

    private static NDArray joined(String name, NDList parts) {
        NDArray first = parts.head();
        List<NDArray> others = parts.stream()
                .filter(part ->
                        !part.getShape().slice(1).equals(first.getShape().slice(1))
                                || part.getDataType() != first.getDataType())
                .toList();
        if (!others.isEmpty()) {
            throw new LightningException("The predictions '" + name + "' are of " + first.getDataType() + " "
                    + first.getShape() + " in one batch and of " + others.get(0).getDataType() + " "
                    + others.get(0).getShape()
                    + " in another, which cannot lie in one tensor. Pad them in predictStep, or use"
                    + " PredictionWriter.to.");
        }
        return parts.size() == 1 ? first : NDArrays.concat(parts);
    }

    @Override
    public void finish() {
        writeShard();
    }

    @Override
    public void close() {
        held.clear();
        batches = 0;
        if (manager != null) {
            manager.close();
            manager = null;
        }
    }
}
