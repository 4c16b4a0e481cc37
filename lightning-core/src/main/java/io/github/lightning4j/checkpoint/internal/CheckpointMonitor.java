package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether the value of a monitored metric belongs to the weights as they are now. */
public final class CheckpointMonitor {
    /** Where the metric was found to come from. */
    private enum Source {
        UNKNOWN,
        VALIDATION,
        TRAINING
    }

    private final @Nullable String metric;
    private Source source = Source.UNKNOWN;
    /** Training samples seen at the last validation, or -1. */
    private long validatedAt = -1;

    public CheckpointMonitor(@Nullable String metric) {
        this.metric = metric;
    }

    public void validationStarts(Run run) {
        // A metric that is there before the first validation is not made by it.
        if (source == Source.UNKNOWN && metric != null && run.metrics().containsKey(metric)) {
            source = Source.TRAINING;
        }
    }

    public void validationEnds(Run run) {
        validatedAt = run.samplesSeen();
        if (source == Source.UNKNOWN && metric != null && run.metrics().containsKey(metric)) {
            source = Source.VALIDATION;
        }
    }

    /** Whether validations make the metric. */
    public boolean isOfValidation() {
        return source == Source.VALIDATION;
    }

    /**
     * Whether a checkpoint saved now can be judged; if not, a later save point is to be waited for.
     *
     * @throws ConfigurationException if waiting is in vain
     */
    public boolean isCurrent(Run run, SavePoint point) {
        if (metric == null) {
            return true;
        }
        if (source == Source.VALIDATION) {
            return validatedAt == run.samplesSeen();
        }
        Map<String, Double> metrics = run.metrics();
        boolean complete = point == SavePoint.EPOCH && (validatedAt >= 0 || !run.hasValidation());
        if (complete && !metrics.containsKey(metric)) {
            throw new ConfigurationException("ModelCheckpoint monitors '" + metric
                    + "', but no such metric was logged. Logged so far: " + new TreeSet<>(metrics.keySet())
                    + ". Log it or monitor another one.");
        }
        return metrics.containsKey(metric);
    }

    public void save(StateWriter state) {
        state.putString("source", source.name());
        state.putLong("validated_at", validatedAt);
    }

    public void load(StateReader state) {
        source = Source.valueOf(state.getString("source"));
        validatedAt = state.getLong("validated_at");
    }
}
