package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.NamedStates;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;

/** Loggers in a checkpoint, by their class, numbered where there are several of one. */
final class SavedLoggers {
    private final NamedStates<Logger> states;

    SavedLoggers(List<Logger> loggers) {
        states = NamedStates.of("logger", "loggers", loggers, ClassName::of);
    }

    void save(StateTreeWriter state) {
        states.save(state, (logger, own) -> {
            logger.flush();
            logger.save(own);
        });
    }

    void load(StateTreeReader state) {
        states.load(state, Logger::load);
    }
}
