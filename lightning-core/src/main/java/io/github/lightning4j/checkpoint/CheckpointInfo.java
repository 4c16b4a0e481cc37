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
 * @param dataHyperparameters those of the data module, of the same types; empty if there is none
 */
public record CheckpointInfo(
        long epoch,
        long globalStep,
        boolean weightsOnly,
        Map<String, Object> hyperparameters,
        Map<String, Object> dataHyperparameters) {
    private static final String INFO = "info";
    private static final String HYPERPARAMETERS = "hyperparameters";
    private static final String OF_DATA = "datamodule_hyperparameters";

    /**
     * Creates one without a data module.
     *
     * @param epoch the epoch a run resumed from it is in
     * @param globalStep the optimizer steps done
     * @param weightsOnly whether everything but the weights is left out
     * @param hyperparameters the module's hyperparameters
     */
    public CheckpointInfo(long epoch, long globalStep, boolean weightsOnly, Map<String, Object> hyperparameters) {
        this(epoch, globalStep, weightsOnly, hyperparameters, Map.of());
    }

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
        if (!dataHyperparameters.isEmpty()) {
            root.put(OF_DATA, Hyperparameters.plain(dataHyperparameters));
        }
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
                values(root, HYPERPARAMETERS),
                root.has(OF_DATA) ? values(root, OF_DATA) : Map.of());
    }

    private static Map<String, Object> values(StateTreeReader root, String key) {
        return Collections.unmodifiableMap(Hyperparameters.plain(root.child(key).takeAll()));
    }
}
