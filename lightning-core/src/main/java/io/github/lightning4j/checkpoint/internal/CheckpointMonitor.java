package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.metric.MonitoredMetric;
import org.jspecify.annotations.Nullable;

/** Whether the value of a monitored metric belongs to the weights as they are now. */
public final class CheckpointMonitor {
    private final MonitoredMetric metric;
    /** Training samples seen at the last validation, or -1. */
    private long validatedAt = -1;
    /** The values of the metric that had come when a checkpoint was judged last. */
    private long seen;

    private boolean inVain;

    public CheckpointMonitor(@Nullable String metric) {
        this.metric = metric == null ? MonitoredMetric.none() : MonitoredMetric.of(metric);
    }

    public void validationStarts(Run run) {
        metric.validationStarts(run);
    }

    public void validationEnds(Run run) {
        validatedAt = run.samplesSeen();
        metric.validationEnds(run);
    }

    /** Whether validations make the metric. */
    public boolean isOfValidation() {
        return metric.isOfValidation();
    }

    /**
     * Whether a checkpoint saved now can be judged; if not, a later save point is to be waited for.
     *
     * @throws ConfigurationException if waiting is in vain
     */
    public boolean isCurrent(Run run, SavePoint point) {
        if (metric.isNone()) {
            return true;
        }
        if (metric.isOfValidation()) {
            return validatedAt == run.samplesSeen() && metric.times(run) != seen;
        }
        boolean logged = metric.value(run) != null;
        boolean complete = point == SavePoint.EPOCH && (validatedAt >= 0 || !run.hasValidation());
        if (complete && !logged) {
            inVain = true;
            throw new ConfigurationException(
                    metric.notLogged("ModelCheckpoint", run) + " Log it or monitor another one.");
        }
        return logged && metric.times(run) != seen;
    }

    /** Whether the run is still to be waited for. */
    public boolean isWaiting() {
        return !metric.isNone() && !inVain;
    }

    /** A checkpoint has been judged by the value there is now. */
    public void judged(Run run) {
        seen = metric.times(run);
    }

    public void save(StateWriter state) {
        metric.save(state);
        state.putLong("validated_at", validatedAt);
        state.putLong("seen", seen);
    }

    public void load(StateReader state) {
        metric.load(state);
        validatedAt = state.getLong("validated_at");
        seen = state.has("seen") ? state.getLong("seen") : 0;
    }
}
