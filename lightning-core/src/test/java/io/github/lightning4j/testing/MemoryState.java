package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of one {@link Stateful} without tensors, kept in a map. */
public final class MemoryState implements StateWriter, StateReader {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** What an object saves. */
    public static MemoryState of(Stateful source) {
        MemoryState state = new MemoryState();
        source.save(state);
        return state;
    }

    @Override
    public void putLong(String key, long value) {
        values.put(key, value);
    }

    @Override
    public void putDouble(String key, double value) {
        values.put(key, value);
    }

    @Override
    public void putBoolean(String key, boolean value) {
        values.put(key, value);
    }

    @Override
    public void putString(String key, String value) {
        values.put(key, value);
    }

    @Override
    public void putDoubles(String key, double... array) {
        values.put(key, array.clone());
    }

    @Override
    public void putLongs(String key, long... array) {
        values.put(key, array.clone());
    }

    @Override
    public void putStrings(String key, List<String> list) {
        values.put(key, List.copyOf(list));
    }

    @Override
    public void putTensor(String key, NDArray tensor) {
        throw new UnsupportedOperationException("no tensors here");
    }

    @Override
    public Set<String> keys() {
        return values.keySet();
    }

    @Override
    public boolean has(String key) {
        return values.containsKey(key);
    }

    @Override
    public long getLong(String key) {
        return get(key, Long.class);
    }

    @Override
    public double getDouble(String key) {
        return get(key, Double.class);
    }

    @Override
    public boolean getBoolean(String key) {
        return get(key, Boolean.class);
    }

    @Override
    public String getString(String key) {
        return get(key, String.class);
    }

    @Override
    public double[] getDoubles(String key) {
        return get(key, double[].class);
    }

    @Override
    public long[] getLongs(String key) {
        return get(key, long[].class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<String> getStrings(String key) {
        return get(key, List.class);
    }

    @Override
    public void readTensor(String key, NDArray target) {
        throw new UnsupportedOperationException("no tensors here");
    }

    @Override
    public NDArray newTensor(String key, NDManager manager) {
        throw new UnsupportedOperationException("no tensors here");
    }

    @Override
    public MemoryState child(String key) {
        return (MemoryState) values.computeIfAbsent(key, unused -> new MemoryState());
    }

    private <T> T get(String key, Class<T> type) {
        Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw new CheckpointException("key " + key + " is " + value);
        }
        return type.cast(value);
    }
}
