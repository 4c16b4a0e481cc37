package io.github.lightning4j.logger;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.config.Config;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes every row into {@code metrics.csv} of the run directory, and the hyperparameters into {@code hparams.json}; into
 * {@code hparams.yaml} as well where {@code org.snakeyaml:snakeyaml-engine} is on the class path.
 *
 * <p>The columns are {@code step}, {@code epoch} and every metric in the order of its first appearance; a cell is empty
 * where a row has no such metric. Numbers are written exactly. A metric that appears late adds a column and keeps all
 * rows. Rows reach the file within a second or two of the next row, at the end of each epoch and with each checkpoint;
 * a run resumed from a checkpoint goes on with exactly the rows that checkpoint knows.
 */
public final class CsvLogger implements Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(CsvLogger.class);
    private static final String METRICS = "metrics.csv";
    private static final String HYPERPARAMETERS = "hparams.json";
    private static final String YAML = "hparams.yaml";
    private static final long FLUSH_AFTER_NANOS = 1_000_000_000L;

    private @Nullable Path directory;
    private @Nullable CsvFile file;
    private boolean mayExist;
    private long lastFlush;

    /** Creates a logger; the run says where it writes. */
    public CsvLogger() {}

    @Override
    public List<String> files() {
        return List.of(METRICS, HYPERPARAMETERS, YAML);
    }

    /**
     * Takes the directory of a run. An evaluation after a fit has the same directory and goes on in the same file.
     *
     * @param run the run
     * @throws ConfigurationException if the run has no directory
     */
    @Override
    public void start(Run run) {
        Path current = run.directory();
        if (current == null) {
            throw new ConfigurationException(
                    "CsvLogger needs a run directory, but this run writes no files. Leave the logger out.");
        }
        if (!current.equals(directory)) {
            directory = current;
            CsvFile csv = new CsvFile(current.resolve(METRICS));
            file = csv;
            mayExist = !run.isFitting() && Files.exists(path());
            if (mayExist) {
                io(path(), csv::goOn);
            }
        }
    }

    @Override
    public void logHyperparameters(Map<String, Object> hyperparameters) {
        Path target = started(directory).resolve(HYPERPARAMETERS);
        io(target, () -> AtomicFile.write(target, Json.pretty(hyperparameters) + "\n"));
        if (Config.hasYaml()) {
            Config.write(started(directory).resolve(YAML), hyperparameters);
        }
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        CsvFile csv = started(file);
        for (String name : metrics.keySet()) {
            if (csv.isKeyColumn(name)) {
                throw new ConfigurationException("A metric is named '" + name
                        + "', which is a column of metrics.csv already. Log it under another name.");
            }
        }
        if (!mayExist) {
            refuseExisting();
            mayExist = true;
        }
        io(path(), () -> csv.append(step, epoch, metrics));
        long now = System.nanoTime();
        if (now - lastFlush > FLUSH_AFTER_NANOS) {
            flush();
        }
    }

    @Override
    public void flush() {
        lastFlush = System.nanoTime();
        io(path(), () -> started(file).flush());
    }

    @Override
    public void finish(boolean failure) {
        if (file != null) {
            io(path(), file::close);
        }
    }

    @Override
    public void save(StateWriter state) {
        CsvFile csv = started(file);
        io(path(), csv::force);
        state.putStrings("columns", csv.metricColumns());
        state.putLong("rows", csv.rows());
        state.putLong("length", csv.length());
    }

    /**
     * Cuts the file back to the rows it had when the checkpoint was saved. Without a file, in a new directory, the run
     * starts one.
     *
     * @param state what {@link #save} wrote
     * @throws CheckpointException if the file is not the one that was saved with the checkpoint, or lacks rows
     */
    @Override
    public void load(StateReader state) {
        List<String> columns = state.getStrings("columns");
        long rows = state.getLong("rows");
        long length = state.getLong("length");
        Path path = path();
        CsvFile csv = new CsvFile(path);
        file = csv;
        mayExist = true;
        if (rows == 0) {
            io(path, () -> Files.deleteIfExists(path));
        } else if (Files.exists(path)) {
            io(path, () -> csv.cutBack(rows, columns, length));
        } else {
            LOG.warn(
                    "{} does not exist: the {} rows before this checkpoint are in the directory it comes from",
                    path,
                    rows);
        }
    }

    private void refuseExisting() {
        if (Files.exists(path())) {
            throw new ConfigurationException(
                    path() + " holds the metrics of another run. Choose another directory, or" + " resume that run.");
        }
    }

    private Path path() {
        return started(directory).resolve(METRICS);
    }

    private static <T> T started(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("CsvLogger was used before start(run).");
        }
        return value;
    }

    private static void io(Path path, IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new LightningException("Cannot write " + path + ": " + e, e);
        }
    }

    private interface IoAction {
        void run() throws IOException;
    }
}
