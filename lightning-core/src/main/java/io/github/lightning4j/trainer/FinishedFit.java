package io.github.lightning4j.trainer;

import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.CheckpointInfo;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.checkpoint.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fit that is over, whose loggers and directory an evaluation of the same module goes on with.
 *
 * @param info what a file of the weights says of the run
 * @param resultFile the run's {@code result.json}, or null if it writes no files
 */
record FinishedFit(
        LightningModule module,
        List<Logger> loggers,
        FitResult result,
        CheckpointInfo info,
        @Nullable ResultFile resultFile) {
    void addTestMetrics(Map<String, Double> metrics) {
        if (resultFile != null) {
            resultFile.addTestMetrics(metrics);
        }
    }

    /** Writes the weights as they are now. */
    void save(Path file) {
        StateTreeWriter state = new StateTreeWriter();
        info.writeTo(state);
        Weights.save(module, state);
        try (CheckpointWriter writer = CheckpointWriter.direct()) {
            writer.write(file, state);
        }
    }
}
