package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A manager for datasets and one for batches; nothing may be left below the latter. */
abstract class DataFixture {
    NDManager tensors;
    NDManager batches;

    @BeforeEach
    void openManagers() {
        tensors = NDManager.newBaseManager();
        batches = NDManager.newBaseManager();
    }

    @AfterEach
    void nothingIsLeft() {
        NativeMemory left = NativeMemory.below(batches);
        batches.close();
        tensors.close();
        assertThat(left).isEqualTo(NativeMemory.NONE);
    }

    /** Sample i has the data (i, -i) and the label i. */
    TensorDataset numbers(int count) {
        float[] data = new float[2 * count];
        for (int i = 0; i < count; i++) {
            data[2 * i] = i;
            data[2 * i + 1] = -i;
        }
        return TensorDataset.of(
                tensors, data, new Shape(count, 2), LongStream.range(0, count).toArray());
    }

    /** The labels of each batch. */
    List<List<Long>> labels(BatchSource source, long seed, long epoch, long skip) {
        return read(source, seed, epoch, skip).stream().map(Content::labels).toList();
    }

    /** The data and labels of each batch. */
    List<Content> read(BatchSource source, long seed, long epoch, long skip) {
        List<Content> contents = new ArrayList<>();
        try (BatchCursor cursor = source.open(batches, new Seeds(seed), epoch, skip)) {
            while (cursor.hasNext()) {
                try (Batch batch = cursor.next()) {
                    contents.add(Content.of(batch));
                }
            }
        }
        return contents;
    }

    /** A batch in Java. */
    record Content(int size, Shape shape, List<Float> data, List<Long> labels) {
        static Content of(Batch batch) {
            List<Float> data = new ArrayList<>();
            for (float value : batch.getData().head().toFloatArray()) {
                data.add(value);
            }
            List<Long> labels = new ArrayList<>();
            for (long value : batch.getLabels().head().toLongArray()) {
                labels.add(value);
            }
            return new Content(batch.getSize(), batch.getData().head().getShape(), data, labels);
        }
    }
}
