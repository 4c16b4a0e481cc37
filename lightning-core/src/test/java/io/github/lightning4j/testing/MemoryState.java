package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.internal.djl.MemoryScope;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the state of a Stateful on the Java heap, and gives it back; serializable, to cross to another JVM. */
public final class MemoryState implements StateWriter, Serializable {
    private static final long serialVersionUID = 1L;

    private final Map<String, Object> entries = new LinkedHashMap<>();
    private final String path;

    /** Creates an empty state. */
    public MemoryState() {
        this("");
    }

    /** The state something saves, ready to be loaded. */
    public static StateReader of(Stateful source) {
        MemoryState state = new MemoryState();
        source.save(state);
        return state.reader();
    }

    private MemoryState(String path) {
        this.path = path;
    }

    /**
     * Removes an entry, as if it had not been saved.
     *
     * @param key its name
     */
    public void remove(String key) {
        entries.remove(key);
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
    public void putDoubles(String key, double... values) {
        put(key, values.clone());
    }

    @Override
    public void putLongs(String key, long... values) {
        put(key, values.clone());
    }

    @Override
    public void putStrings(String key, List<String> values) {
        put(key, List.copyOf(values));
    }

    @Override
    public void putTensor(String key, NDArray tensor) {
        put(key, new Tensor(tensor.getDataType().name(), tensor.getShape().getShape(), tensor.toByteArray()));
    }

    @Override
    public StateWriter child(String key) {
        return (MemoryState) entries.computeIfAbsent(key, name -> new MemoryState(path + name + "."));
    }

    /**
     * The reader of what was written.
     *
     * @return a view that also opens children for reading
     */
    public StateReader reader() {
        return new Reader(this);
    }

    private void put(String key, Object value) {
        if (entries.putIfAbsent(key, value) != null) {
            throw new IllegalStateException("'" + path + key + "' was written twice");
        }
    }

    private <T> T get(String key, Class<T> type) {
        Object value = entries.get(key);
        if (!type.isInstance(value)) {
            throw new CheckpointException("'" + path + key + "' is " + (value == null ? "missing" : "not a " + type));
        }
        return type.cast(value);
    }

    private record Tensor(String dataType, long[] shape, byte[] bytes) implements Serializable {
        NDArray create(NDManager manager) {
            return manager.create(
                    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()),
                    new Shape(shape),
                    DataType.valueOf(dataType));
        }
    }

    private record Reader(MemoryState state) implements StateReader {
        @Override
        public Set<String> keys() {
            return state.entries.keySet();
        }

        @Override
        public boolean has(String key) {
            return state.entries.containsKey(key);
        }

        @Override
        public long getLong(String key) {
            return state.get(key, Long.class);
        }

        @Override
        public double getDouble(String key) {
            return state.get(key, Double.class);
        }

        @Override
        public boolean getBoolean(String key) {
            return state.get(key, Boolean.class);
        }

        @Override
        public String getString(String key) {
            return state.get(key, String.class);
        }

        @Override
        public double[] getDoubles(String key) {
            return state.get(key, double[].class);
        }

        @Override
        public long[] getLongs(String key) {
            return state.get(key, long[].class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<String> getStrings(String key) {
            return state.get(key, List.class);
        }

        @Override
        public void readTensor(String key, NDArray target) {
            Tensor saved = state.get(key, Tensor.class);
            if (!new Shape(saved.shape).equals(target.getShape())) {
                throw new CheckpointException("'" + key + "' has the shape " + new Shape(saved.shape)
                        + " in the checkpoint" + " and " + target.getShape() + " here");
            }
            try (NDManager manager = target.getManager().newSubManager();
                    NDArray source = saved.create(manager)) {
                target.set(new NDIndex("..."), source);
            }
        }

        @Override
        public NDArray newTensor(String key, NDManager manager) {
            Tensor saved = state.get(key, Tensor.class);
            return MemoryScope.outside(() -> saved.create(manager));
        }

        @Override
        public StateReader child(String key) {
            return state.get(key, MemoryState.class).reader();
        }
    }
}
