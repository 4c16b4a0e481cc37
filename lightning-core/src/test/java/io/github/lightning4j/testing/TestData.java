package io.github.lightning4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.internal.djl.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Small data in memory, the same on every call. Owns its tensors until closed. */
public final class TestData implements AutoCloseable {
    /** Features of a sample of {@link #regression} and {@link #classes}. */
    public static final int FEATURES = 4;

    /** Targets of a sample of {@link #regression}. */
    public static final int TARGETS = 2;

    private final NDManager manager;

    private TestData() {
        TorchRuntime.load();
        manager = NDManager.newBaseManager(Device.cpu());
    }

    public static TestData open() {
        return new TestData();
    }

    public NDManager manager() {
        return manager;
    }

    /** Random features and targets, in order. */
    public DataLoader regression(int samples, int batchSize) {
        return DataLoader.of(regression(samples), batchSize);
    }

    /** Random features and targets. */
    public TensorDataset regression(int samples) {
        return TensorDataset.of(
                manager,
                randoms(samples * FEATURES),
                new Shape(samples, FEATURES),
                randoms(samples * TARGETS),
                new Shape(samples, TARGETS));
    }

    /** Random features; the label is whether their sum is above 0. */
    public TensorDataset classes(int samples) {
        float[] features = randoms(samples * FEATURES);
        long[] labels = new long[samples];
        for (int i = 0; i < samples; i++) {
            float sum = 0;
            for (int j = 0; j < FEATURES; j++) {
                sum += features[i * FEATURES + j];
            }
            labels[i] = sum > 0 ? 1 : 0;
        }
        return TensorDataset.of(manager, features, new Shape(samples, FEATURES), labels);
    }

    /** One number a sample, without labels, in order. */
    public DataLoader numbers(int batchSize, float... values) {
        return DataLoader.of(TensorDataset.of(manager.create(values, new Shape(values.length, 1))), batchSize);
    }

    /** The number 1 for every sample, without labels. */
    public DataLoader ones(int samples, int batchSize) {
        return DataLoader.of(TensorDataset.of(manager.ones(new Shape(samples, 1))), batchSize);
    }

    /** A dataset of DJL's own over the samples of {@link #regression}. */
    public ArrayDataset djl(int samples, int batchSize, boolean shuffle) {
        return new ArrayDataset.Builder()
                .setData(manager.create(randoms(samples * FEATURES), new Shape(samples, FEATURES)))
                .optLabels(manager.create(randoms(samples * TARGETS), new Shape(samples, TARGETS)))
                .setSampling(batchSize, shuffle)
                .build();
    }

    /** Batches of a plain list: one number a sample. */
    public List<Batch> batches(float[]... batches) {
        List<Batch> list = new ArrayList<>();
        for (float[] values : batches) {
            list.add(batch(values));
        }
        return list;
    }

    /** A batch of one number a sample. */
    public Batch batch(float... values) {
        NDManager own = manager.newSubManager();
        NDArray data = own.create(values, new Shape(values.length, 1));
        return new Batch(own, new NDList(data), new NDList(), values.length, null, null, 0, 0);
    }

    private static float[] randoms(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    @Override
    public void close() {
        manager.close();
    }
}
