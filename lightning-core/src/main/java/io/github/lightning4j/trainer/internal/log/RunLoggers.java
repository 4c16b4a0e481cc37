package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.run.Failures;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import java.util.List;
import java.util.Map;

/** The loggers of a run as one. The sanity check leaves nothing in them. */
public final class RunLoggers {
    private final List<Logger> loggers;
    private final Position position;
    private final Phases phases;

    /** Creates it. */
    public RunLoggers(List<Logger> loggers, Position position, Phases phases) {
        this.loggers = List.copyOf(loggers);
        this.position = position;
        this.phases = phases;
    }

    /** The loggers one by one. */
    public List<Logger> each() {
        return loggers;
    }

    /** The run starts. */
    public void start(Run run) {
        for (Logger logger : loggers) {
            logger.start(run);
        }
    }

    /** Hands over the module's hyperparameters, if it has any. */
    public void logHyperparameters(Map<String, Object> hyperparameters) {
        if (hyperparameters.isEmpty()) {
            return;
        }
        for (Logger logger : loggers) {
            logger.logHyperparameters(hyperparameters);
        }
    }

    /** Shows what the module is made of. */
    public void logGraph(LightningModule module) {
        for (Logger logger : loggers) {
            logger.logGraph(module);
        }
    }

    /** Writes a row, if there is anything in it. */
    public void logRow(Map<String, Double> row) {
        if (row.isEmpty() || phases.stage() == Stage.SANITY_CHECK) {
            return;
        }
        phases.begin(Section.LOGGING);
        for (Logger logger : loggers) {
            logger.logMetrics(row, position.globalStep(), position.epoch());
        }
        phases.end(Section.LOGGING);
    }

    /** Shows what is not a number. */
    void logItem(String name, LogItem item) {
        if (phases.stage() == Stage.SANITY_CHECK) {
            return;
        }
        for (Logger logger : loggers) {
            logger.logItem(name, item, position.globalStep(), position.epoch());
        }
    }

    /** Makes everything written so far durable. */
    public void flush() {
        phases.begin(Section.LOGGING);
        loggers.forEach(Logger::flush);
        phases.end(Section.LOGGING);
    }

    /**
     * The run is over: each logger is told, even if others fail.
     *
     * @param failure whether it ended by an exception
     */
    public void finish(boolean failure) {
        Failures failures = new Failures();
        for (Logger logger : loggers) {
            failures.attempt(() -> logger.finish(failure));
        }
        failures.throwFirst();
    }
}
