package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Logger;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Loggers in a checkpoint, by their class, numbered where there are several of one. */
final class SavedLoggers implements Stateful {
    private static final String LOGGERS = "loggers";

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(SavedLoggers.class);

    private final Map<String, Logger> byKey = new LinkedHashMap<>();

    SavedLoggers(List<Logger> loggers) {
        for (Logger logger : loggers) {
            String simpleName = logger.getClass().getSimpleName();
            String name = simpleName.isEmpty() ? "anonymous" : simpleName;
            String key = name;
            for (int i = 1; byKey.containsKey(key); i++) {
                key = name + "-" + i;
            }
            byKey.put(key, logger);
        }
    }

    @Override
    public void save(StateWriter state) {
        byKey.forEach((key, logger) -> {
            logger.flush();
            logger.save(state.child(LOGGERS).child(key));
        });
    }

    /** Loggers may come between starts of a run; which ones did is said. */
    @Override
    public void load(StateReader state) {
        byKey.forEach((key, logger) -> {
            if (state.has(LOGGERS) && state.child(LOGGERS).has(key)) {
                logger.load(state.child(LOGGERS).child(key));
            } else {
                LOG.info("Logger {} is new in this run: it starts here", key);
            }
        });
    }
}
