package io.github.lightning4j.trainer;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a run's loggers, of which no two may be one. */
final class LoggerFiles {
    private LoggerFiles() {}

    static void requireDistinct(List<Logger> loggers) {
        Map<String, String> writers = new HashMap<>();
        for (Logger logger : loggers) {
            for (String file :
                    Require.allGiven(logger.files(), "what files of " + ClassName.of(logger) + " returned")) {
                String other = writers.putIfAbsent(file, ClassName.of(logger));
                if (other != null) {
                    throw new ConfigurationException("loggers: " + other + " and " + ClassName.of(logger)
                            + " both write the file " + file + " of the run directory. Leave one of them out.");
                }
            }
        }
    }
}
