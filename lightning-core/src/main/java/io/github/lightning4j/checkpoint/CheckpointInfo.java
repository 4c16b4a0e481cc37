package io.github.lightning4j.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint says about itself, under the keys {@code info} and {@code hyperparameters}.
 *
 * @param epoch the epoch a run resumed from it is in, from 0; the number of finished epochs
 * @param globalStep the optimizer steps done
 * @param weightsOnly whether everything but the weights is left out
 * @param hyperparameters the module's hyperparameters: whole numbers as {@link Long}, others as {@link Double}, booleans,
 *     strings, lists and maps
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
        root.put(HYPERPARAMETERS, plain(hyperparameters));
    }

    private static Object plain(Object value) {
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Number number) {
            boolean whole = value instanceof Long
                    || value instanceof Integer
                    || value instanceof Short
                    || value instanceof Byte;
            return whole ? (Object) number.longValue() : (Object) number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            list.forEach(item -> plain.add(plain(item)));
            return plain;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new TreeMap<>();
            map.forEach((key, item) -> plain.put(String.valueOf(key), plain(item)));
            return plain;
        }
        return String.valueOf(value);
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
                root.child(HYPERPARAMETERS).takeAll());
    }
}
