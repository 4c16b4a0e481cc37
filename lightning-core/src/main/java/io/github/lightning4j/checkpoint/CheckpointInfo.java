package io.github.lightning4j.checkpoint;

import io.github.lightning4j.Hyperparameters;
import java.util.Collections;
import java.util.Map;

/**
 * What a checkpoint says about itself, under the keys {@code info} and {@code hyperparameters}.
 *
 * @param epoch the epoch a run resumed from it is in, from 0; the number of finished epochs
 * @param globalStep the optimizer steps done
 * @param weightsOnly whether everything but the weights is left out
 * @param hyperparameters the module's hyperparameters: whole numbers as {@link Long}, others as {@link Double}, booleans,
 *     strings, null, lists and maps
 */
public record CheckpointInfo(long epoch, long globalStep, boolean weightsOnly, Map<String, Object> hyperparameters) {
    private static final String INFO = "info";
    private static final String HYPERPARAMETERS = "hyperparameters";

    /**
     * Adds it to a state that is to be saved.
     *
     * @param root the root of the tree
     */
    public void writeTo(StateTreeWriter root) {
        StateTreeWriter info = root.child(INFO);
        info.putLong("epoch", epoch);
        info.putLong("global_step", globalStep);
        info.putBoolean("weights_only", weightsOnly);
        root.put(HYPERPARAMETERS, Hyperparameters.plain(hyperparameters));
    }

    /**
     * Reads it from a saved state.
     *
     * @param root the root
     * @return what was written
     * @throws io.github.lightning4j.CheckpointException if the state holds none
     */
    public static CheckpointInfo read(StateTreeReader root) {
        StateTreeReader info = root.child(INFO);
        return new CheckpointInfo(
                info.getLong("epoch"),
                info.getLong("global_step"),
                info.getBoolean("weights_only"),
                Collections.unmodifiableMap(
                        Hyperparameters.plain(root.child(HYPERPARAMETERS).takeAll())));
    }
}
