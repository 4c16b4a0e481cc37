package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.internal.KeyPath;
import io.github.lightning4j.checkpoint.internal.MemoryTensors;
import io.github.lightning4j.internal.io.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A state being collected: a tree of values, and tensors named by their path in it, as {@code model/net.0.weight}. A
 * key of a child or a tensor may be a path of several parts: {@code child("optimizer/0")} is {@code
 * child("optimizer").child("0")}.
 *
 * <p>Tensors are not copied: they must stay as they are until the tree has been written.
 */
public final class StateTreeWriter implements StateWriter {
    private final String path;
    private final Map<String, Object> values;
    private final Map<String, NDArray> tensors;

    /** Creates an empty tree. */
    public StateTreeWriter() {
        this("", new TreeMap<>(), new LinkedHashMap<>());
    }

    private StateTreeWriter(String path, Map<String, Object> values, Map<String, NDArray> tensors) {
        this.path = path;
        this.values = values;
        this.tensors = tensors;
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
        List<Object> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        put(key, list);
    }

    @Override
    public void putLongs(String key, long... values) {
        List<Object> list = new ArrayList<>(values.length);
        for (long value : values) {
            list.add(value);
        }
        put(key, list);
    }

    @Override
    public void putStrings(String key, List<String> values) {
        put(key, new ArrayList<Object>(values));
    }

    /** Writes a value of one of {@link Json}'s types. */
    void put(String key, Object value) {
        if (key.indexOf('/') >= 0) {
            throw new CheckpointException("The key '" + key + "' in '" + path + "' must not contain '/'.");
        }
        if (tensors.containsKey(KeyPath.join(path, key)) || values.putIfAbsent(key, value) != null) {
            throw new CheckpointException("The key '" + KeyPath.join(path, key) + "' is written twice.");
        }
    }

    @Override
    public void putTensor(String key, NDArray tensor) {
        String name = KeyPath.join(path, key);
        if (values.containsKey(key) || tensors.putIfAbsent(name, tensor) != null) {
            throw new CheckpointException("The key '" + name + "' is written twice.");
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public StateTreeWriter child(String key) {
        StateTreeWriter node = this;
        for (String part : KeyPath.parts(key)) {
            String name = KeyPath.join(node.path, part);
            Object below = node.values.computeIfAbsent(part, absent -> new TreeMap<String, Object>());
            if (!(below instanceof Map<?, ?> map) || tensors.containsKey(name)) {
                throw new CheckpointException("The key '" + name + "' is written twice: as a value and as a child.");
            }
            node = new StateTreeWriter(name, (Map<String, Object>) map, tensors);
        }
        return node;
    }

    /**
     * Reads the tree back without a file in between; what is read from it are the tensors as they are then.
     *
     * @return the state below this node
     */
    public StateTreeReader reader() {
        return StateTreeReader.of(new MemoryTensors(tensors), path, values);
    }

    Map<String, Object> values() {
        return values;
    }

    Map<String, NDArray> tensors() {
        return tensors;
    }

    void requireRoot() {
        if (!path.isEmpty()) {
            throw new IllegalArgumentException("a checkpoint is written from the root of a tree, not from " + path);
        }
    }
}
