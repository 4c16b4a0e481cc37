package io.github.lightning4j.trainer;

import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The run's {@code result.json}: its {@link FitResult}, and what a later test adds. */
final class ResultFile {
    private final Path file;
    private final Map<String, @Nullable Object> content = new LinkedHashMap<>();

    ResultFile(Path directory, FitResult result) {
        this.file = directory.resolve(RunDirectory.RESULT);
        content.put("epochs", result.epochs());
        content.put("globalStep", result.globalStep());
        content.put("stopReason", result.stopReason());
        content.put("metrics", result.metrics());
        content.put("testMetrics", null);
        content.put("bestCheckpoint", text(result.bestCheckpoint()));
        content.put("runDirectory", text(result.runDirectory()));
        content.put("seed", result.seed());
        content.put("resumeFrom", text(result.resumeFrom()));
        content.put("resumedFromSteps", result.resumedFromSteps());
        content.put("stepsExecuted", result.stepsExecuted());
        content.put("weightsSha256", result.weightsSha256());
    }

    /** Writes the record of a run that has just ended. */
    static ResultFile write(Path directory, FitResult result) {
        ResultFile file = new ResultFile(directory, result);
        file.write();
        return file;
    }

    void addTestMetrics(Map<String, Double> metrics) {
        content.put("testMetrics", metrics);
        write();
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    private void write() {
        try {
            AtomicFile.write(file, Json.pretty(content) + System.lineSeparator());
        } catch (IOException e) {
            throw new LightningException("The result could not be written to " + file + ": " + e + ".", e);
        }
    }
}
