package io.github.lightning4j.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Stateful;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything in a state as it is at one moment, to be compared with another: values and tensors by their path. */
public final class StateContents {
    private StateContents() {}

    /**
     * What an object would save now.
     *
     * @param source saves its state
     * @return path and value; a tensor is a {@link TensorValue}
     */
    public static SortedMap<String, Object> of(Stateful source) {
        StateTreeWriter tree = new StateTreeWriter();
        source.save(tree);
        return of(tree.reader());
    }

    /**
     * What a state holds; all of it counts as read.
     *
     * @param state the state
     * @return path and value; a tensor is a {@link TensorValue}
     */
    public static SortedMap<String, Object> of(StateTreeReader state) {
        SortedMap<String, Object> contents = new TreeMap<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (String name : state.tensorNames()) {
                contents.put(name, TensorValue.of(state.newTensor(name, manager)));
            }
        }
        addValues("", state.takeAll(), contents);
        return contents;
    }

    private static void addValues(String prefix, Map<?, ?> values, Map<String, Object> contents) {
        values.forEach((key, value) -> {
            if (value instanceof Map<?, ?> below) {
                addValues(prefix + key + "/", below, contents);
            } else {
                contents.put(prefix + key, value);
            }
        });
    }
}
