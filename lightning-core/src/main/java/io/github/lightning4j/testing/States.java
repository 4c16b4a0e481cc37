package io.github.lightning4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The states of objects in memory, without a checkpoint file. */
public final class States {
    private States() {}

    /**
     * Gives the state of one object to another, as saving and resuming would do.
     *
     * @param from saves its state
     * @param to loads it; no part may be left over
     * @throws CheckpointException naming the key that is missing, of another type, or left over
     */
    public static void copy(Stateful from, Stateful to) {
        StateTreeReader saved = tree(from);
        to.load(saved);
        saved.requireAllRead();
    }

    /**
     * The state of an object, to be loaded by another.
     *
     * @param source saves its state
     * @return its values as they are now, and its tensors as they are when they are read
     */
    public static StateReader saved(Stateful source) {
        return tree(source);
    }

    /** What an object saves: values and tensors by their path. */
    static SortedMap<String, Object> contentsOf(Stateful source) {
        return contents(tree(source));
    }

    /** Everything in a state: values and tensors by their path. */
    static SortedMap<String, Object> contents(StateTreeReader state) {
        SortedMap<String, Object> contents = new TreeMap<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (String name : state.tensorNames()) {
                contents.put(name, TensorValue.of(state.newTensor(name, manager)));
            }
        }
        addValues("", state.takeAll(), contents);
        return contents;
    }

    private static StateTreeReader tree(Stateful source) {
        StateTreeWriter tree = new StateTreeWriter();
        source.save(tree);
        return tree.reader();
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
