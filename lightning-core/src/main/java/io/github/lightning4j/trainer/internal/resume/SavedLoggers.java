package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.NamedStates;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loggers in a checkpoint, by their class, numbered where there are several of one. */
public final class SavedLoggers {
    private final @Nullable NamedStates<Logger> states;

    private SavedLoggers(@Nullable NamedStates<Logger> states) {
        this.states = states;
    }

    /** Those of a run. */
    public static SavedLoggers of(List<Logger> loggers) {
        return new SavedLoggers(NamedStates.of("logger", "loggers", loggers, ClassName::of));
    }

    /** Those of a run that is over, of which nothing is changed. */
    public static SavedLoggers leftAlone() {
        return new SavedLoggers(null);
    }

    void save(StateTreeWriter state) {
        if (states != null) {
            states.save(state, (logger, own) -> {
                logger.flush();
                logger.save(own);
            });
        }
    }

    void load(StateTreeReader state) {
        if (states != null) {
            states.load(state, Logger::load);
        }
    }
}
