package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.NamedStates;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;

/** Loggers in a checkpoint, by their class, numbered where there are several of one. */
final class SavedLoggers {
    private final boolean none;
    private final NamedStates<Logger> states;

    SavedLoggers(List<Logger> loggers) {
        none = loggers.isEmpty();
        states = NamedStates.of("logger", "loggers", loggers, ClassName::of);
    }

    void save(StateTreeWriter state) {
        states.save(state, (logger, own) -> {
            logger.flush();
            logger.save(own);
        });
    }

    /** A run that logs nothing leaves what is saved of loggers alone. */
    void load(StateTreeReader state) {
        if (!none) {
            states.load(state, Logger::load);
        }
    }
}
