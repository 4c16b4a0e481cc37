package io.github.lightning4j.metric;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the metrics of classification are told. Metrics that count by an equal {@link #counting()} count the same. */
record ClassSetup(String owner, Counting counting, Average average, List<String> names) {
    /** How predictions and labels become counts. */
    record Counting(
            Task task,
            int classes,
            double threshold,
            int topK,
            @Nullable Integer ignoreIndex,
            boolean logits) {
        boolean ignores(double label) {
            return ignoreIndex != null && label == ignoreIndex;
        }
    }

    Task task() {
        return counting.task();
    }

    boolean isMulticlass() {
        return task() == Task.MULTICLASS;
    }
}
