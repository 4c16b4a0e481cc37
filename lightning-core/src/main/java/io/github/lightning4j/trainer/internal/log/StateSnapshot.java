package io.github.lightning4j.trainer.internal.log;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** A state as it was at some moment, to be compared with another moment's. */
final class StateSnapshot implements StateWriter {
    private final String path;
    private final Map<String, Object> values;

    private StateSnapshot(String path, Map<String, Object> values) {
        this.path = path;
        this.values = values;
    }

    /** What the owner would save now; equal objects stand for equal states. */
    static Object of(Stateful owner) {
        StateSnapshot snapshot = new StateSnapshot("", new LinkedHashMap<>());
        owner.save(snapshot);
        return snapshot.values;
    }

    private void put(String key, Object value) {
        values.put(path + key, value);
    }

    @Override
    public void putLong(String key, long value) {
        put(key, value);
    }

    @Override
    public void putDouble(String key, double value) {
        put(key, value);
    }

    @Override
    public void putBoolean(String key, boolean value) {
        put(key, value);
    }

    @Override
    public void putString(String key, String value) {
        put(key, value);
    }

    @Override
    public void putDoubles(String key, double... numbers) {
        put(key, DoubleStream.of(numbers).boxed().toList());
    }

    @Override
    public void putLongs(String key, long... numbers) {
        put(key, LongStream.of(numbers).boxed().toList());
    }

    @Override
    public void putStrings(String key, List<String> texts) {
        put(key, List.copyOf(texts));
    }

    @Override
    public void putTensor(String key, NDArray tensor) {
        put(key, List.of(tensor.getShape(), ByteBuffer.wrap(tensor.toByteArray())));
    }

    @Override
    public StateWriter child(String key) {
        return new StateSnapshot(path + key + '/', values);
    }
}
