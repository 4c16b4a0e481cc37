package io.github.lightning4j.testing;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import java.util.Map;

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

    private static StateTreeReader tree(Stateful source) {
        StateTreeWriter tree = new StateTreeWriter();
        source.save(tree);
        return tree.reader();
    }

    /** Leaves out what may differ between two equal runs. */
    static void dropVolatile(Map<String, Object> state) {
        state.keySet()
                .removeIf(key ->
                        key.startsWith(StateWriter.VOLATILE + "/") || key.contains("/" + StateWriter.VOLATILE + "/"));
    }
}
