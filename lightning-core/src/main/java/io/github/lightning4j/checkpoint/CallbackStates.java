package io.github.lightning4j.checkpoint;

import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.RunPaths;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run's callbacks in a checkpoint, each under its {@code stateKey}, numbered where several
 * have one; that of a {@link CheckpointCallback}
 * also names its best checkpoint, for {@link CkptPath#best()}.
 */
public final class CallbackStates {
    private static final String CALLBACKS = "callbacks";
    private static final String BEST = "best_model_path";
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
        of(callbacks).save(root, (callback, state) -> {
            callback.save(state);
            if (callback instanceof CheckpointCallback saver) {
                Path best = saver.bestModelPath();
                state.putString(BEST, best == null ? "" : new RunPaths(runDirectory).name(best));
                state.putBoolean(MONITORED, saver.monitor() != null);
            }
        });
    }

    /**
     * Loads the callbacks' states. Callbacks may come and go between starts of a run; which ones did is logged.
     *
     * @param callbacks the callbacks
     * @param root the root of the state
     * @throws CheckpointException if a callback finds its state incomplete
     */
    public static void load(List<Callback> callbacks, StateTreeReader root) {
        of(callbacks).load(root, CallbackStates::load);
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

    private static void load(Callback callback, StateTreeReader state) {
        callback.load(state);
        if (callback instanceof CheckpointCallback) {
            state.getString(BEST);
            state.getBoolean(MONITORED);
        }
    }

    /** The best checkpoint as another one knows it; one that was found by a metric goes first. */
    static Path best(Checkpoint checkpoint, Path runDirectory) {
        String newest = "";
        StateTreeReader callbacks = checkpoint.state().child(CALLBACKS);
        for (String key : callbacks.keys()) {
            StateTreeReader state = callbacks.child(key);
            if (state.has(BEST) && !state.getString(BEST).isEmpty()) {
                newest = state.getString(BEST);
                if (state.getBoolean(MONITORED)) {
                    break;
                }
            }
        }
        if (newest.isEmpty()) {
            throw new CheckpointException("No ModelCheckpoint has recorded a best checkpoint in " + checkpoint.file()
                    + ". Use CkptPath.last() or name a file with CkptPath.of(path).");
        }
        return new RunPaths(runDirectory).file(newest);
    }
}
