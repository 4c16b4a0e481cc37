package io.github.lightning4j.logger;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes every row as a line of JSON into {@code metrics.jsonl} of the run directory:
 * {@code {"step":10,"epoch":0,"train_loss":0.25}}. Numbers are written exactly; NaN and infinities, which JSON has not, as
 * texts. Rows reach the file at the end of each epoch and with each checkpoint; a run resumed from a checkpoint goes on with
 * exactly the rows that checkpoint knows.
 */
public final class JsonLinesLogger implements Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(JsonLinesLogger.class);
    private static final String METRICS = "metrics.jsonl";
    private static final List<String> KEYS = List.of("step", "epoch");

    private final FailurePolicy policy;
    private @Nullable Path path;
    private @Nullable AppendedFile file;
    private boolean own;

    /** Creates a logger that stops the run if it cannot write. */
    public JsonLinesLogger() {
        this(OnFailure.STOP);
    }

    /**
     * Creates a logger.
     *
     * @param onFailure what becomes of a run whose rows cannot be written
     */
    public JsonLinesLogger(OnFailure onFailure) {
        policy = new FailurePolicy(onFailure);
    }

    @Override
    public List<String> files() {
        return List.of(METRICS);
    }

    /**
     * Takes the directory of a run. An evaluation after a fit has the same directory and goes on in the same file.
     *
     * @param run the run
     * @throws ConfigurationException if the run has no directory
     */
    @Override
    public void start(Run run) {
        Path directory = run.directory();
        if (directory == null) {
            throw new ConfigurationException(
                    "JsonLinesLogger needs a run directory, but this run writes no files. Leave the logger out.");
        }
        Path current = directory.resolve(METRICS);
        if (!current.equals(path)) {
            path = current;
            file = null;
            own = !run.isFitting();
            policy.run(current, () -> file = new AppendedFile(current));
        }
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        if (!own && file != null && file.length() > 0) {
            throw new ConfigurationException(
                    path + " holds the metrics of another run. Choose another directory, or resume that run.");
        }
        own = true;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(KEYS.get(0), step);
        row.put(KEYS.get(1), epoch);
        metrics.forEach((name, value) -> {
            if (KEYS.contains(name)) {
                throw new ConfigurationException("A metric is named '" + name + "', which every line of " + METRICS
                        + " has already. Log it under another name.");
            }
            row.put(name, value);
        });
        write(target -> target.append((Json.write(row) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void flush() {
        write(AppendedFile::flush);
    }

    @Override
    public void finish(boolean failure) {
        write(AppendedFile::close);
    }

    @Override
    public void save(StateWriter state) {
        write(AppendedFile::force);
        state.putLong("length", file == null ? 0 : file.length());
    }

    @Override
    public void load(StateReader state) {
        long length = state.getLong("length", 0);
        own = true;
        if (length > 0 && path != null && !Files.exists(path)) {
            LOG.warn(
                    "{} does not exist: what was logged before this checkpoint is in the directory it comes from",
                    path);
            return;
        }
        write(target -> target.cutBack(length));
    }

    private interface Action {
        void run(AppendedFile file) throws IOException;
    }

    private void write(Action action) {
        AppendedFile target = file;
        if (target != null && path != null) {
            policy.run(path, () -> action.run(target));
        }
    }
}
