package io.github.lightning4j.optim;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.KeyName;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The private state of a DJL optimizer, which DJL can neither save nor free: its update counts, and the tensors it keeps
 * in maps from parameter and device, as all of DJL's optimizers do.
 */
final class DjlFields {
    private static final String STATE =
            "java.util.Map<java.lang.String, java.util.Map<ai.djl.Device, ai.djl.ndarray.NDArray>>";

    private final Optimizer optimizer;
    private final List<Field> fields = new ArrayList<>();
    private final Field updateCounts;
    private final Field numUpdate;

    DjlFields(Optimizer optimizer) {
        this.optimizer = optimizer;
        for (Class<?> type = optimizer.getClass(); type != Optimizer.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && open(field)) {
                    fields.add(field);
                }
            }
        }
        try {
            updateCounts = Optimizer.class.getDeclaredField("updateCounts");
            numUpdate = Optimizer.class.getDeclaredField("numUpdate");
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("This version of DJL keeps its optimizers' counts elsewhere.", e);
        }
        open(updateCounts);
        open(numUpdate);
    }

    private static boolean open(Field field) {
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException e) {
            return false;
        }
    }

    /** All arrays that can be reached through the optimizer's fields, maps and collections. */
    List<NDArray> arrays() {
        List<NDArray> result = new ArrayList<>();
        fields.forEach(field -> collect(get(field), result));
        return result;
    }

    private static void collect(@Nullable Object value, List<NDArray> into) {
        if (value instanceof NDArray array) {
            into.add(array);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(inner -> collect(inner, into));
        } else if (value instanceof Collection<?> collection) {
            collection.forEach(inner -> collect(inner, into));
        }
    }

    /** The learning rate DJL would use for a parameter now, or NaN if the optimizer does not tell. */
    double lr(String parameter) {
        for (Field field : fields) {
            if (get(field) instanceof ParameterTracker tracker) {
                return tracker.getNewValue(parameter, Math.max(1, numUpdate()));
            }
        }
        return Double.NaN;
    }

    /** Saves the state, with other names for the parameters than DJL's optimizer has. */
    void save(StateWriter state, Map<String, String> names) {
        state.putLong("num_update", numUpdate());
        StateWriter counts = state.child("update_counts");
        new TreeMap<>(counts())
                .forEach((parameter, count) ->
                        counts.putLong(KeyName.of(names.getOrDefault(parameter, parameter)), count));
        List<String> paths = new ArrayList<>();
        for (Field field : fields) {
            tensors(field)
                    .forEach((parameter, byDevice) -> byDevice.forEach((device, tensor) -> {
                        String path = field.getName() + '/' + device + '/' + names.getOrDefault(parameter, parameter);
                        paths.add(path);
                        state.putTensor(path, tensor);
                    }));
        }
        state.putStrings("tensors", paths);
    }

    /** Restores the state, by the names that DJL's optimizer has for those it was saved with. */
    void load(StateReader state, Map<String, String> names, Map<String, NDArray> weights) {
        set(numUpdate, state.getInt("num_update", 0));
        StateReader counts = state.child("update_counts");
        counts().clear();
        for (String key : counts.keys()) {
            String saved = KeyName.original(key);
            counts().put(names.getOrDefault(saved, saved), (int) counts.getLong(key));
        }
        for (Field field : fields) {
            tensors(field).values().forEach(byDevice -> byDevice.values().forEach(NDArray::close));
            tensors(field).clear();
        }
        for (String path : state.getStrings("tensors")) {
            String[] parts = path.split("/", 3);
            String own = names.getOrDefault(parts[2], parts[2]);
            NDArray weight = weights.get(own);
            if (weight == null) {
                throw new CheckpointException("The checkpoint's tensor '" + path + "' belongs to no parameter of "
                        + ClassName.of(optimizer) + ".");
            }
            NDManager manager = weight.getManager();
            NDArray tensor = state.newTensor(path, manager);
            tensor.detach();
            tensors(field(parts[0]))
                    .computeIfAbsent(own, parameter -> new ConcurrentHashMap<>())
                    .put(weight.getDevice(), tensor);
        }
    }

    private Field field(String name) {
        return fields.stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new CheckpointException(
                        optimizer.getClass().getName() + " has no field '" + name + "' to restore."));
    }

    /** The tensors of a field by parameter and device; an empty map for any other field. */
    @SuppressWarnings("unchecked")
    private Map<String, Map<Device, NDArray>> tensors(Field field) {
        boolean fits = field.getGenericType().getTypeName().equals(STATE);
        return fits && get(field) instanceof Map<?, ?> map ? (Map<String, Map<Device, NDArray>>) map : new TreeMap<>();
    }

    private int numUpdate() {
        return (int) Objects.requireNonNull(get(numUpdate));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Integer> counts() {
        return (Map<String, Integer>) Objects.requireNonNull(get(updateCounts));
    }

    private @Nullable Object get(Field field) {
        try {
            return field.get(optimizer);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void set(Field field, Object value) {
        try {
            field.set(optimizer, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
