package io.github.lightning4j.metric;

import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A logged metric that a callback watches, and where it was found to come from: from validations if it first appeared
 * during one, otherwise from the training. The callback passes on when validations start and end.
 */
public final class MonitoredMetric {
    private enum Source {
        UNKNOWN,
        VALIDATION,
        TRAINING
    }

    private final @Nullable String name;
    private Source source = Source.UNKNOWN;

    private MonitoredMetric(@Nullable String name) {
        this.name = name;
    }

    /**
     * Watches a metric, of which nothing is known yet.
     *
     * @param name the name it is logged under
     * @return the metric
     */
    public static MonitoredMetric of(String name) {
        return new MonitoredMetric(name);
    }

    /**
     * Watches nothing.
     *
     * @return a metric that nobody logs
     */
    public static MonitoredMetric none() {
        return new MonitoredMetric(null);
    }

    /**
     * Whether metrics count that are logged now: in a fit, but neither in its sanity check nor in a trial run.
     *
     * @param run the run
     * @return false where they are to be left out
     */
    public static boolean counts(Run run) {
        return run.isFitting() && run.stage() != Stage.SANITY_CHECK && !run.isFastDevRun();
    }

    /**
     * Whether nothing is watched.
     *
     * @return true for {@link #none()}
     */
    public boolean isNone() {
        return name == null;
    }

    /**
     * To be called when a validation starts. A metric that is there before the first validation is not made by it.
     *
     * @param run the run
     */
    public void validationStarts(Run run) {
        appears(run, Source.TRAINING);
    }

    /**
     * To be called when a validation ends.
     *
     * @param run the run
     */
    public void validationEnds(Run run) {
        appears(run, Source.VALIDATION);
    }

    private void appears(Run run, Source where) {
        if (source == Source.UNKNOWN && value(run) != null) {
            source = where;
        }
    }

    /** Takes a metric for one of the training that validations have not made, be it there or not. */
    public void expectFromTraining() {
        if (source == Source.UNKNOWN) {
            source = Source.TRAINING;
        }
    }

    /**
     * Whether validations make the metric.
     *
     * @return false also as long as that is not known
     */
    public boolean isOfValidation() {
        return source == Source.VALIDATION;
    }

    /**
     * Whether the training makes the metric.
     *
     * @return false also as long as that is not known
     */
    public boolean isOfTraining() {
        return source == Source.TRAINING;
    }

    /**
     * The metric's latest value.
     *
     * @param run the run
     * @return the value, or null if it has not been logged
     */
    public @Nullable Double value(Run run) {
        return name == null ? null : run.metrics().get(name);
    }

    /**
     * How many values of the metric have become known, by which a new one is told from the last.
     *
     * @param run the run
     * @return the count
     */
    public long times(Run run) {
        return name == null ? 0 : run.timesLogged(name);
    }

    /**
     * Says that the metric has not been logged, and which ones have.
     *
     * @param watcher who watches it, as the user calls it
     * @param run the run
     * @return a sentence or two, without a remedy
     */
    public String notLogged(String watcher, Run run) {
        return watcher + " monitors '" + name + "', but no such metric was logged. Logged so far: "
                + new TreeSet<>(run.metrics().keySet()) + ".";
    }

    /**
     * Saves where the metric comes from, among the callback's own state.
     *
     * @param state receives it as {@code source}
     */
    public void save(StateWriter state) {
        state.putString("source", source.name());
    }

    /**
     * Loads where the metric comes from.
     *
     * @param state what {@link #save} wrote
     */
    public void load(StateReader state) {
        source = state.getEnum("source", Source.class);
    }
}
