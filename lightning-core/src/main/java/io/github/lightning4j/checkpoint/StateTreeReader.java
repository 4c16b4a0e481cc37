package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.checkpoint.internal.KeyPath;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import io.github.lightning4j.checkpoint.internal.TensorSource;
import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A saved state being read: of a checkpoint file, or of a {@link StateTreeWriter} in memory. It remembers what was read, so
 * that what nobody asked for can be named: see {@link #requireAllRead}.
 */
public final class StateTreeReader implements StateReader {
    private static final int MOST_NAMED = 10;

    private final Root root;
    private final String path;
    private final Map<String, Object> values;

    private record Root(TensorSource source, NavigableMap<String, TensorEntry> tensors, Set<String> read) {}

    private StateTreeReader(Root root, String path, Map<String, Object> values) {
        this.root = root;
        this.path = path;
        this.values = values;
    }

    static StateTreeReader of(TensorSource source, String path, Map<String, Object> values) {
        return new StateTreeReader(new Root(source, new TreeMap<>(source.tensors()), new HashSet<>()), path, values);
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(values.keySet());
        tensorNames().forEach(name -> keys.add(name.split("/", 2)[0]));
        return keys;
    }

    /**
     * The tensors here and below.
     *
     * @return their names relative to this state, sorted: {@code exp_avg/pg1/net.0.weight}
     */
    public List<String> tensorNames() {
        String prefix = path.isEmpty() ? "" : path + "/";
        return root.tensors.tailMap(prefix, true).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toList());
    }

    @Override
    public boolean has(String key) {
        String name = KeyPath.join(path, key);
        return values.containsKey(key) || root.tensors.containsKey(name) || hasTensorsBelow(name);
    }

    /** Whether there are values under a key, and not only tensors. */
    boolean hasValuesBelow(String key) {
        return values.get(key) instanceof Map<?, ?>;
    }

    private boolean hasTensorsBelow(String name) {
        String next = root.tensors.ceilingKey(name + "/");
        return next != null && next.startsWith(name + "/");
    }

    @Override
    public long getLong(String key) {
        return get(key, "a whole number", StateTreeReader::toLong);
    }

    @Override
    public double getDouble(String key) {
        return get(key, "a floating point number", Json::toDouble);
    }

    @Override
    public boolean getBoolean(String key) {
        return get(key, "true or false", value -> value instanceof Boolean truth ? truth : null);
    }

    @Override
    public String getString(String key) {
        return get(key, "a text", StateTreeReader::toText);
    }

    @Override
    public double[] getDoubles(String key) {
        return list(key, "floating point numbers", Json::toDouble).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    @Override
    public long[] getLongs(String key) {
        return list(key, "whole numbers", StateTreeReader::toLong).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    @Override
    public List<String> getStrings(String key) {
        return list(key, "texts", StateTreeReader::toText);
    }

    /**
     * All values here and below, which count as read, as do the tensors.
     *
     * @return key and value: a {@link Long}, {@link Double}, {@link Boolean}, {@link String}, {@link List} of these, or a
     *     {@link Map} for a child
     */
    public Map<String, Object> takeAll() {
        skip();
        return Collections.unmodifiableMap(values);
    }

    String description() {
        return root.source.description();
    }

    private static @Nullable Long toLong(Object value) {
        return value instanceof Long number ? number : null;
    }

    private static @Nullable String toText(Object value) {
        return value instanceof String text ? text : null;
    }

    private <T> T get(String key, String kind, Function<Object, @Nullable T> conversion) {
        Object value = values.get(key);
        if (value == null) {
            throw missing(key);
        }
        T converted = conversion.apply(value);
        if (converted == null) {
            throw wrong(key, kind, value);
        }
        root.read.add(KeyPath.join(path, key));
        return converted;
    }

    private <T> List<T> list(String key, String kind, Function<Object, @Nullable T> conversion) {
        return get(key, "a list of " + kind, value -> {
            if (!(value instanceof List<?> elements)) {
                return null;
            }
            List<T> converted = new ArrayList<>(elements.size());
            for (Object element : elements) {
                T one = conversion.apply(element);
                if (one == null) {
                    return null;
                }
                converted.add(one);
            }
            return converted;
        });
    }

    @Override
    public void readTensor(String key, NDArray target) {
        TensorEntry tensor = tensor(key);
        if (!tensor.shape().equals(target.getShape()) || tensor.type().dataType() != target.getDataType()) {
            throw new CheckpointException("Tensor '" + tensor.name() + "' is "
                    + tensor.type().dataType() + " "
                    + tensor.shape() + " in " + root.source.description() + ", but " + target.getDataType() + " "
                    + target.getShape() + " is expected.");
        }
        root.source.copyTo(tensor, target);
    }

    @Override
    public NDArray newTensor(String key, NDManager manager) {
        TensorEntry tensor = tensor(key);
        NDArray array = Tensors.zeros(manager, tensor.shape(), tensor.type().dataType());
        try {
            root.source.copyTo(tensor, array);
        } catch (RuntimeException | Error e) {
            array.close();
            throw e;
        }
        return array;
    }

    /** The entry of a tensor, which counts as read from now on. */
    TensorEntry tensor(String key) {
        TensorEntry tensor = root.tensors.get(KeyPath.join(path, key));
        if (tensor == null) {
            throw missing(key);
        }
        root.read.add(tensor.name());
        return tensor;
    }

    /** Overwrites an array that has the tensor's shape and dtype. */
    void copyTo(TensorEntry tensor, NDArray target) {
        root.source.copyTo(tensor, target);
    }

    @Override
    @SuppressWarnings("unchecked")
    public StateTreeReader child(String key) {
        StateTreeReader node = this;
        for (String part : KeyPath.parts(key)) {
            String name = KeyPath.join(node.path, part);
            Object below = node.values.get(part);
            if (below != null && !(below instanceof Map<?, ?>)) {
                throw node.wrong(part, "a group of keys", below);
            }
            if (below == null && !hasTensorsBelow(name)) {
                throw node.missing(part);
            }
            Map<String, Object> map = below == null ? Map.of() : (Map<String, Object>) below;
            node = new StateTreeReader(root, name, map);
        }
        return node;
    }

    /** Counts everything here and below as read: for what is left out on purpose. */
    public void skip() {
        root.read.addAll(unread());
    }

    /**
     * Refuses what nobody has read, here and below.
     *
     * @throws CheckpointException naming the keys that are left over
     */
    public void requireAllRead() {
        List<String> unread = unread();
        if (!unread.isEmpty()) {
            String more = unread.size() > MOST_NAMED ? " and " + (unread.size() - MOST_NAMED) + " more" : "";
            throw new CheckpointException(root.source.description() + " holds what nothing here can take: '"
                    + unread.stream().limit(MOST_NAMED).collect(Collectors.joining("', '")) + "'" + more
                    + ". It was saved with another configuration or another version.");
        }
    }

    private List<String> unread() {
        List<String> unread = new ArrayList<>();
        tensorNames().stream().map(name -> KeyPath.join(path, name)).forEach(unread::add);
        addLeaves(path, values, unread);
        unread.removeIf(root.read::contains);
        return unread;
    }

    private static void addLeaves(String path, Map<?, ?> values, List<String> leaves) {
        values.forEach((key, value) -> {
            String name = KeyPath.join(path, (String) key);
            if (value instanceof Map<?, ?> below) {
                addLeaves(name, below, leaves);
            } else {
                leaves.add(name);
            }
        });
    }

    private CheckpointException missing(String key) {
        return new CheckpointException("The key '" + KeyPath.join(path, key) + "' is missing in "
                + root.source.description() + ". It was saved with another configuration or another version.");
    }

    private CheckpointException wrong(String key, String kind, Object value) {
        return new CheckpointException("The key '" + KeyPath.join(path, key) + "' in " + root.source.description()
                + " should be " + kind + ", but is " + value + ".");
    }
}
