package io.github.lightning4j.checkpoint;

import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.RunPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run's callbacks in a checkpoint, each under its {@code stateKey}, numbered where several have one; and
 * beside them the best checkpoint of each {@link CheckpointCallback}, for {@link CkptPath#best()}.
 */
public final class CallbackStates {
    private static final String CALLBACKS = "callbacks";
    private static final String BEST_CHECKPOINTS = "best_checkpoints";
    private static final String PATH = "best_model_path";
    private static final String MONITORED = "monitored";

    private CallbackStates() {}

    /**
     * Saves the callbacks' states.
     *
     * @param callbacks the callbacks; several may have the same state key
     * @param runDirectory the run directory, or null if there is none
     * @param root the root of the tree
     */
    public static void save(List<Callback> callbacks, @Nullable Path runDirectory, StateTreeWriter root) {
        of(callbacks).save(root, Callback::save);
        List<CheckpointCallback> savers = savers(callbacks);
        for (int i = 0; i < savers.size(); i++) {
            CheckpointCallback saver = savers.get(i);
            Path best = saver.bestModelPath();
            StateTreeWriter state = root.child(BEST_CHECKPOINTS).child(String.valueOf(i));
            state.putString(PATH, best == null ? "" : new RunPaths(runDirectory).name(best));
            state.putBoolean(MONITORED, saver.monitor() != null);
        }
    }

    private static List<CheckpointCallback> savers(List<Callback> callbacks) {
        return callbacks.stream()
                .filter(CheckpointCallback.class::isInstance)
                .map(CheckpointCallback.class::cast)
                .toList();
    }

    /**
     * Loads the callbacks' states. Callbacks may come and go between starts of a run; which ones did is logged.
     *
     * @param callbacks the callbacks
     * @param root the root of the state
     * @throws CheckpointException if a callback finds its state incomplete
     */
    public static void load(List<Callback> callbacks, StateTreeReader root) {
        if (root.has(BEST_CHECKPOINTS)) {
            root.child(BEST_CHECKPOINTS).skip();
            of(callbacks).load(root, Callback::load);
        } else {
            of(callbacks).load(root, CallbackStates::loadEarlier);
        }
    }

    /** Earlier versions put the best checkpoint among the callback's own values. */
    private static void loadEarlier(Callback callback, StateTreeReader state) {
        callback.load(state);
        if (callback instanceof CheckpointCallback && state.has(PATH)) {
            state.getString(PATH);
            state.getBoolean(MONITORED);
        }
    }

    /**
     * Whether a callback that ended a run would not end it as it is built now.
     *
     * @param callbacks the callbacks
     * @param root the root of the state
     * @return whether one of them says so
     */
    public static boolean wouldGoOn(List<Callback> callbacks, StateTreeReader root) {
        return of(callbacks).any(root, Callback::wouldGoOn);
    }

    private static NamedStates<Callback> of(List<Callback> callbacks) {
        return NamedStates.of("callback", CALLBACKS, callbacks, Callback::stateKey);
    }

    /** The best checkpoint as another one knows it; one that was found by a metric goes first. */
    static Path best(Checkpoint checkpoint, Path runDirectory) {
        StateTreeReader root = checkpoint.state();
        List<StateTreeReader> known = children(root, root.has(BEST_CHECKPOINTS) ? BEST_CHECKPOINTS : CALLBACKS)
                .filter(state -> state.has(PATH) && !state.getString(PATH).isEmpty())
                .toList();
        StateTreeReader best = known.stream()
                .filter(state -> state.getBoolean(MONITORED))
                .findFirst()
                .or(() -> known.stream().reduce((before, last) -> last))
                .orElseThrow(() -> new CheckpointException("No ModelCheckpoint has recorded a best checkpoint in "
                        + checkpoint.file() + ". Use CkptPath.last() or name a file with CkptPath.of(path)."));
        return new RunPaths(runDirectory).file(best.getString(PATH));
    }

    private static Stream<StateTreeReader> children(StateTreeReader root, String key) {
        StateTreeReader parent = root.child(key);
        return parent.keys().stream().map(parent::child);
    }
}
