package io.github.lightning4j.trainer;

import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fit that is over, whose loggers and directory an evaluation of the same module goes on with. */
record FinishedFit(
        LightningModule module,
        List<Logger> loggers,
        FitResult result,
        @Nullable ResultFile resultFile) {
    void addTestMetrics(Map<String, Double> metrics) {
        if (resultFile != null) {
            resultFile.addTestMetrics(metrics);
        }
    }
}
