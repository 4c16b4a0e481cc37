package io.github.lightning4j.report;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.logger.AppendedFile;
import io.github.lightning4j.logger.FailurePolicy;
import io.github.lightning4j.logger.OnFailure;
import io.github.lightning4j.summary.ModelSummary;
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
 * Writes {@code report.html} into the run directory: one page with the curves of every metric, what else was logged,
 * hyperparameters, environment, model and checkpoints, for any browser, without a network.
 *
 * <p>It is written at the end of epochs and with checkpoints, as seldom as it needs to be to take about a hundredth of the
 * time, and when the run is over, however it ends. What it shows lies in {@code report.jsonl} beside it, from which {@link
 * Report#write} makes the page of a run that was killed; a run resumed from a checkpoint goes on with exactly the lines that
 * checkpoint knows.
 */
public final class ReportLogger implements Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ReportLogger.class);
    private static final long FLUSH_AFTER_NANOS = 1_000_000_000L;
    private static final int SUMMARY_DEPTH = 2;

    private final FailurePolicy policy;
    private final ReportClock clock = new ReportClock();
    private RunRecord record = new RunRecord();
    private @Nullable Run run;
    private @Nullable Path directory;
    private @Nullable AppendedFile file;
    private boolean own;
    private boolean begun;
    private boolean described;
    private long lastFlush;

    /** Creates a logger that stops the run if it cannot write. */
    public ReportLogger() {
        this(OnFailure.STOP);
    }

    /**
     * Creates a logger.
     *
     * @param onFailure what becomes of a run whose report cannot be written
     */
    public ReportLogger(OnFailure onFailure) {
        policy = new FailurePolicy(onFailure);
    }

    @Override
    public List<String> files() {
        return List.of(RecordFile.NAME, Report.PAGE);
    }

    /**
     * Takes the directory of a run. An evaluation after a fit has the same directory and goes on in the same report.
     *
     * @param started the run
     * @throws ConfigurationException if the run has no directory
     */
    @Override
    public void start(Run started) {
        Path current = started.directory();
        if (current == null) {
            throw new ConfigurationException(
                    "ReportLogger needs a run directory, but this run writes no files. Leave the logger out.");
        }
        run = started;
        if (!current.equals(directory)) {
            directory = current;
            record = new RunRecord();
            file = null;
            own = !started.isFitting();
            policy.run(path(), () -> file = new AppendedFile(path()));
        }
        begun = !started.isFitting() && record.starts() > 0;
        described = begun;
        clock.start(record.seconds().isEmpty() ? 0 : record.seconds().last());
    }

    @Override
    public void logHyperparameters(Map<String, Object> hyperparameters) {
        begin();
        write(Lines.hyperparameters(hyperparameters));
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        begin();
        write(Lines.row(metrics, step, epoch, clock.seconds()));
        long now = System.nanoTime();
        if (now - lastFlush > FLUSH_AFTER_NANOS) {
            lastFlush = now;
            onFile(AppendedFile::flush);
        }
    }

    @Override
    public void logItem(String name, LogItem item, long step, long epoch) {
        begin();
        Map<String, Object> shown = Items.of(item, started(directory));
        if (shown != null) {
            write(Lines.item(name, shown, step, epoch));
        }
    }

    /** The first line of a start of the run. */
    private void begin() {
        if (begun) {
            return;
        }
        if (!own && file != null && file.length() > 0) {
            throw new ConfigurationException(
                    path() + " holds another run. Choose another directory, or resume that run.");
        }
        own = true;
        begun = true;
        write(Lines.start(Environment.of(started(run))));
    }

    private void write(Map<String, Object> line) {
        onFile(target -> target.append(Lines.text(line).getBytes(StandardCharsets.UTF_8)));
        record.accept(line);
    }

    @Override
    public void flush() {
        describe();
        onFile(AppendedFile::flush);
        if (begun && clock.isDue()) {
            writePage();
        }
    }

    private void describe() {
        if (begun && !described) {
            described = true;
            Run of = started(run);
            Map<String, Object> model = new LinkedHashMap<>();
            LogItem.Table table = ModelSummary.table(of.module(), SUMMARY_DEPTH);
            model.put("columns", table.columns());
            model.put(
                    "rows",
                    table.rows()
                            .subList(0, Math.min(Items.MOST_ROWS, table.rows().size())));
            model.put("left", Math.max(0, table.rows().size() - Items.MOST_ROWS));
            model.put("totals", ModelSummary.totals(of.module()));
            write(Lines.model(model));
        }
    }

    private void writePage() {
        Path target = started(directory);
        policy.run(
                target.resolve(Report.PAGE),
                () -> clock.timing(() -> Page.write(target.resolve(Report.PAGE), List.of(shown(target)))));
    }

    private ReportedRun shown(Path target) {
        return new ReportedRun(RunNames.of(target), record, SavedFiles.in(target), SavedFiles.best(started(run)));
    }

    /** Writes the page as it stands at the end; of a run that could not begin because its directory is taken, none. */
    @Override
    public void finish(boolean failure) {
        if (file == null || (!own && file.length() > 0)) {
            return;
        }
        Run of = started(run);
        if (of.isFitting() || failure) {
            begin();
            describe();
            Map<String, Object> end = new LinkedHashMap<>();
            end.put("reason", String.valueOf(of.stopReason()));
            end.put("failed", failure);
            end.put("at", Clock.now());
            end.put("best", SavedFiles.best(of));
            write(Lines.end(end));
        }
        onFile(AppendedFile::close);
        if (begun) {
            writePage();
        }
    }

    @Override
    public void save(StateWriter state) {
        onFile(AppendedFile::force);
        state.putLong("length", file == null ? 0 : file.length());
        state.putDouble("seconds", clock.seconds());
    }

    /**
     * Cuts the lines back to those there were when the checkpoint was saved. Without them, in a new directory, the run starts
     * a report.
     *
     * @param state what {@link #save} wrote
     * @throws CheckpointException if the file is shorter than it was
     */
    @Override
    public void load(StateReader state) {
        long length = state.getLong("length", 0);
        own = true;
        begun = false;
        described = false;
        clock.start(state.getDouble("seconds"));
        if (length > 0 && !Files.exists(path())) {
            LOG.warn(
                    "{} does not exist: what was reported before this checkpoint is in the directory it comes from",
                    path());
            return;
        }
        onFile(target -> {
            target.cutBack(length);
            record = length == 0 ? new RunRecord() : RecordFile.read(path());
        });
    }

    private Path path() {
        return started(directory).resolve(RecordFile.NAME);
    }

    private static <T> T started(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("ReportLogger was used before start(run).");
        }
        return value;
    }

    private interface Action {
        void run(AppendedFile file) throws IOException;
    }

    private void onFile(Action action) {
        AppendedFile target = file;
        if (target != null) {
            policy.run(path(), () -> action.run(target));
        }
    }
}
