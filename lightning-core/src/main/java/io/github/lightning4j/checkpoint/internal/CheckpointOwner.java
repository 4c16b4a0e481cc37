package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which run has written a checkpoint, and when.
 *
 * @param run what tells the run from others, empty in files of earlier versions
 * @param step the global step
 */
public record CheckpointOwner(String run, long step) {
    /** Where everything lies that may differ between two equal runs. */
    public static final String VOLATILE = "volatile";

    /** The key of {@link #run} there. */
    public static final String RUN = "run";

    /** Reads the header alone; null if the file is no sound checkpoint. */
    public static @Nullable CheckpointOwner of(Path file) {
        try (SafetensorsReader reader = SafetensorsReader.openHeader(file)) {
            Map<String, Object> state = reader.state();
            if (state == null) {
                return null;
            }
            Object run = value(state, VOLATILE, RUN);
            Object step = value(state, "info", "global_step");
            return new CheckpointOwner(run == null ? "" : run.toString(), step instanceof Long number ? number : 0);
        } catch (CheckpointException e) {
            return null;
        }
    }

    private static @Nullable Object value(Map<String, Object> state, String child, String key) {
        return state.get(child) instanceof Map<?, ?> map ? map.get(key) : null;
    }
}
