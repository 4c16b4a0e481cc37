package io.github.lightning4j.trainer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.lightning4j.LightningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The run's {@code result.json}: its {@link FitResult}, and what a later test adds. */
final class ResultFile {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private final Path file;
    private final Map<String, @Nullable Object> content = new LinkedHashMap<>();

    ResultFile(Path directory, FitResult result) {
        this.file = directory.resolve("result.json");
        content.put("epochs", result.epochs());
        content.put("globalStep", result.globalStep());
        content.put("stopReason", result.stopReason());
        content.put("metrics", numbers(result.metrics()));
        content.put("testMetrics", null);
        content.put("bestCheckpoint", text(result.bestCheckpoint()));
        content.put("runDirectory", text(result.runDirectory()));
        content.put("seed", result.seed());
        content.put("resumeFrom", text(result.resumeFrom()));
        content.put("resumedFromSteps", result.resumedFromSteps());
        content.put("stepsExecuted", result.stepsExecuted());
        content.put("weightsSha256", result.weightsSha256());
        write();
    }

    void addTestMetrics(Map<String, Double> metrics) {
        content.put("testMetrics", numbers(metrics));
        write();
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    /** JSON has no NaN and no infinity: those are written as texts. */
    private static Map<String, Object> numbers(Map<String, Double> values) {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> plain.put(name, Double.isFinite(value) ? value : value.toString()));
        return plain;
    }

    private void write() {
        Path draft = file.resolveSibling("result.json.tmp");
        try {
            Files.writeString(draft, GSON.toJson(content) + System.lineSeparator());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LightningException("The result could not be written to " + file + ": " + e + ".", e);
        }
    }
}
