package io.github.lightning4j.checkpoint;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.internal.CheckpointMonitor;
import io.github.lightning4j.checkpoint.internal.CheckpointName;
import io.github.lightning4j.checkpoint.internal.CheckpointShelf;
import io.github.lightning4j.checkpoint.internal.CheckpointStore;
import io.github.lightning4j.checkpoint.internal.CheckpointTriggers;
import io.github.lightning4j.metric.MonitoredMetric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves checkpoints and keeps the best, or without a monitored metric the newest.
 *
 * <pre>{@code
 * ModelCheckpoint.builder().build()                                             // the newest, every epoch
 * ModelCheckpoint.builder().monitor("val_acc").mode(Mode.MAX).saveTopK(3).saveLast(true).build()
 * ModelCheckpoint.builder().everyNTrainSteps(500).every(Duration.ofMinutes(10)).saveTopK(-1).build()
 * }</pre>
 *
 * <p>By default it saves after every epoch; a metric that validations log is also looked at after each validation within
 * an epoch. Several triggers may be combined; at one global step it saves once. A trigger that comes while the monitored
 * metric is only known after the next validation waits for that. A metric that nobody logs is an error at the first
 * check.
 *
 * <p>A checkpoint that is as good as one kept before does not displace it; NaN displaces nothing and is never the best. The new file is in
 * place before the old one is deleted, and a file knows of itself: a run resumed from it goes on as if it had never
 * ended.
 */
public final class ModelCheckpoint implements CheckpointCallback {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoint.class);

    private final @Nullable String monitor;
    private final Mode mode;
    private final int saveTopK;
    private final boolean saveLast;
    private final boolean saveOnException;
    private final boolean saveWeightsOnly;
    private final @Nullable Path dirpath;
    private final CheckpointName name;
    private final CheckpointTriggers triggers;

    private @Nullable CheckpointStore store;
    private CheckpointShelf shelf = CheckpointShelf.EMPTY;
    private @Nullable String last;
    private long checkedStep;
    private CheckpointMonitor judge;

    private ModelCheckpoint(Builder builder) {
        monitor = builder.monitor;
        mode = builder.mode;
        saveTopK = builder.saveTopK;
        saveLast = builder.saveLast;
        saveOnException = builder.saveOnException;
        saveWeightsOnly = builder.saveWeightsOnly;
        dirpath = builder.dirpath;
        name = builder.filename;
        triggers = new CheckpointTriggers(builder.everyNTrainSteps, builder.everyNEpochs, builder.everyNanos);
        judge = new CheckpointMonitor(monitor);
    }

    /**
     * Starts with the defaults: the newest checkpoint, after every epoch.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public @Nullable Path dirpath() {
        return dirpath;
    }

    @Override
    public @Nullable String monitor() {
        return monitor;
    }

    @Override
    public @Nullable Path bestModelPath() {
        CheckpointShelf.Entry best = shelf.best(rankedBy());
        return best == null || store == null ? null : store.file(best.path());
    }

    @Override
    public double bestModelScore() {
        CheckpointShelf.Entry best = shelf.best(rankedBy());
        return best == null ? Double.NaN : best.score();
    }

    /**
     * The checkpoints that are kept and their scores. With {@code saveTopK(-1)} a resumed run knows the best and the newest
     * 100 of those that were kept before it.
     *
     * @return file and value of the monitored metric (NaN without one), oldest first
     */
    public Map<Path, Double> keptModels() {
        Map<Path, Double> models = new LinkedHashMap<>();
        if (store != null) {
            CheckpointStore files = store;
            shelf.kept().forEach(entry -> models.put(files.file(entry.path()), entry.score()));
        }
        return models;
    }

    /**
     * The file written by {@code saveLast}.
     *
     * @return the file, or null if there is none
     */
    public @Nullable Path lastModelPath() {
        return last == null || store == null ? null : store.file(last);
    }

    @Override
    public String stateKey() {
        String what = monitor == null ? "newest" : monitor.replace('/', '.') + ", " + mode;
        return "ModelCheckpoint[" + what + ", " + triggers + "]";
    }

    private @Nullable Mode rankedBy() {
        return monitor == null ? null : mode;
    }

    /** A new run starts anew; one that is resumed is loaded after this. */
    @Override
    public void setup(Run run, Stage stage) {
        if (stage != Stage.TRAIN || run.isFastDevRun()) {
            return;
        }
        store = new CheckpointStore(run.directory(), folder(run.directory()), run.id());
        CheckpointFolder.removeTemporaries(store.folder());
        shelf = CheckpointShelf.EMPTY;
        last = null;
        checkedStep = 0;
        judge = new CheckpointMonitor(monitor);
        triggers.restart();
    }

    private Path folder(@Nullable Path runDirectory) {
        if (dirpath != null) {
            return dirpath;
        }
        if (runDirectory == null) {
            throw new ConfigurationException(
                    "ModelCheckpoint has no folder to save to: this run has no directory. Give it"
                            + " one with dirpath(...), or give the Trainer a defaultRootDir.");
        }
        return CheckpointFolder.of(runDirectory);
    }

    @Override
    public void onValidationStart(Run run) {
        if (MonitoredMetric.counts(run)) {
            judge.validationStarts(run);
        }
    }

    @Override
    public void onValidationEnd(Run run) {
        if (MonitoredMetric.counts(run)) {
            judge.validationEnds(run);
        }
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (store == null || !MonitoredMetric.counts(run)) {
            return;
        }
        store.deleteWhatGaveWay();
        if (run.globalStep() == checkedStep || !triggers.areDue(run, point, judge)) {
            return;
        }
        if (judge.isCurrent(run, point)) {
            triggers.done();
            judge.judged(run);
            check(run, store, point, run.metrics());
        }
    }

    private void check(Run run, CheckpointStore files, SavePoint point, Map<String, Double> metrics) {
        CheckpointShelf shelfBefore = shelf;
        String lastBefore = last;
        long stepBefore = checkedStep;
        // The state is brought up to date first, so that each file holds it as it is with that file in place.
        checkedStep = run.globalStep();
        double score = monitor == null ? Double.NaN : metrics.getOrDefault(monitor, Double.NaN);
        CheckpointShelf room = shelf.makeRoom(score, rankedBy(), saveTopK);
        List<String> toSave = new ArrayList<>();
        if (room != null) {
            long epoch = point == SavePoint.EPOCH ? run.epoch() - 1 : run.epoch();
            String path =
                    files.freeName(name.fill(epoch, run.globalStep(), metrics), run.globalStep(), room, others(run));
            shelf = room.with(path, score);
            toSave.add(path);
        }
        if (saveLast) {
            last = lastPath(run, files);
            toSave.add(last);
        }
        try {
            toSave.forEach(path -> run.saveCheckpoint(files.file(path), saveWeightsOnly));
        } catch (RuntimeException | Error e) {
            shelf = shelfBefore;
            last = lastBefore;
            checkedStep = stepBefore;
            throw e;
        }
        if (room != null) {
            files.deleteLater(shelf.evicted(), toSave.get(0));
            files.deleteWhatGaveWay();
        }
    }

    /** {@code last} as it was named before; at first numbered if others write, or have written, a file of that name there. */
    private String lastPath(Run run, CheckpointStore files) {
        if (last != null && files.isStillOwn(last)) {
            return last;
        }
        long version = run.callbacks().stream()
                .takeWhile(callback -> callback != this)
                .filter(callback -> callback instanceof ModelCheckpoint other && other.writesLastTo(files.folder()))
                .count();
        String path = lastPath(version, files);
        while (isLastOfOthers(path, run) || files.isOfOthers(path)) {
            path = lastPath(++version, files);
        }
        return path;
    }

    private static String lastPath(long version, CheckpointStore files) {
        return files.path(version == 0 ? CheckpointName.LAST : CheckpointName.LAST + "-v" + version);
    }

    private boolean isLastOfOthers(String path, Run run) {
        return run.callbacks().stream()
                .anyMatch(callback ->
                        callback instanceof ModelCheckpoint other && other != this && path.equals(other.last));
    }

    private boolean writesLastTo(Path folder) {
        return saveLast && store != null && store.folder().equals(folder);
    }

    /** What the run's other callbacks of this kind keep. */
    private List<CheckpointShelf> others(Run run) {
        return run.callbacks().stream()
                .filter(callback -> callback instanceof ModelCheckpoint && callback != this)
                .map(callback -> ((ModelCheckpoint) callback).shelf)
                .toList();
    }

    /** Says so where a run ends without the metric ever having been there to be judged. */
    @Override
    public void onTrainEnd(Run run) {
        if (store != null
                && MonitoredMetric.counts(run)
                && judge.isWaiting()
                && run.globalStep() > 0
                && checkedStep == 0) {
            LOG.warn(
                    "Nothing was saved: ModelCheckpoint monitors '{}', and the run ended before a validation or an epoch had"
                            + " made it. Train longer, validate more often, or leave out the monitor.",
                    monitor);
        }
        if (monitor != null && !shelf.kept().isEmpty() && shelf.best(rankedBy()) == null) {
            LOG.warn(
                    "No checkpoint is the best: '{}', which ModelCheckpoint monitors, was NaN whenever one was kept.",
                    monitor);
        }
    }

    @Override
    public void onException(Run run, Throwable failure) {
        if (store == null || !saveOnException || !MonitoredMetric.counts(run)) {
            return;
        }
        String file = "epoch=" + run.epoch() + "-step=" + run.globalStep() + "-exception";
        try {
            String path = store.freeName(file, run.globalStep(), shelf, others(run));
            run.saveCheckpoint(store.file(path), saveWeightsOnly);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void teardown(Run run, Stage stage) {
        if (store != null) {
            store.deleteWhatGaveWay();
        }
    }

    @Override
    public void save(StateWriter state) {
        state.putString("last_model_path", last == null ? "" : last);
        state.putLong("checked_step", checkedStep);
        state.putBoolean("pending", triggers.pending());
        shelf.remembered(rankedBy(), saveTopK).save(state);
        judge.save(state);
    }

    @Override
    public void load(StateReader state) {
        String path = state.getString("last_model_path");
        last = path.isEmpty() ? null : path;
        checkedStep = state.getLong("checked_step");
        triggers.setPending(state.getBoolean("pending"));
        shelf = CheckpointShelf.load(state);
        judge.load(state);
        if (store != null) {
            store.deleteLater(shelf.evicted(), null);
        }
    }

    /** The options of a {@link ModelCheckpoint}. */
    public static final class Builder {
        private @Nullable String monitor;
        private Mode mode = Mode.MIN;
        private boolean modeGiven;
        private int saveTopK = 1;
        private boolean saveLast;
        private CheckpointName filename = new CheckpointName("epoch={epoch}-step={step}");
        private long everyNTrainSteps;
        private long everyNEpochs;
        private long everyNanos;
        private boolean saveOnException;
        private boolean saveWeightsOnly;
        private @Nullable Path dirpath;

        private Builder() {}

        /**
         * The metric that says which checkpoints are better.
         *
         * @param metric the name it is logged under; by default none, so that newer ones are better
         * @return this
         */
        public Builder monitor(String metric) {
            monitor = Require.given(metric, "ModelCheckpoint monitor", "leave it out for none");
            return this;
        }

        /**
         * Which way the metric is better.
         *
         * @param value by default {@code MIN}, as for a loss
         * @return this
         */
        public Builder mode(Mode value) {
            mode = Require.given(value, "ModelCheckpoint mode");
            modeGiven = true;
            return this;
        }

        /**
         * How many checkpoints are kept: the best, or without a metric the newest.
         *
         * @param count 1 by default; -1 keeps all, 0 none
         * @return this
         * @throws ConfigurationException if {@code count} is below -1
         */
        public Builder saveTopK(int count) {
            saveTopK = Require.atLeast(CheckpointShelf.ALL, count, "ModelCheckpoint saveTopK", "-1 keeps all");
            return this;
        }

        /**
         * Whether {@code last.safetensors} is written as well each time, be it one of the best or not. It is what a run is
         * resumed from when only the best are kept otherwise.
         *
         * @param value by default false
         * @return this
         */
        public Builder saveLast(boolean value) {
            saveLast = value;
            return this;
        }

        /**
         * The name of the files, without their extension.
         *
         * @param template a text with placeholders: {@code {epoch}}, {@code {step}} and any metric, with an optional format as
         *     in {@code {epoch:03d}} and {@code {val_loss:.2f}}; by default {@code epoch={epoch}-step={step}}
         * @return this
         * @throws ConfigurationException if it holds a path separator or a format that is not understood
         */
        public Builder filename(String template) {
            filename = new CheckpointName(Require.given(template, "ModelCheckpoint filename"));
            return this;
        }

        /**
         * Saves whenever the global step is a multiple of this.
         *
         * @param steps optimizer steps, 1 or more
         * @return this
         * @throws ConfigurationException if {@code steps} is below 1
         */
        public Builder everyNTrainSteps(long steps) {
            everyNTrainSteps = Require.atLeast(1, steps, "ModelCheckpoint everyNTrainSteps");
            return this;
        }

        /**
         * Saves after every so many epochs; a metric that validations log is looked at after each validation of such an epoch.
         *
         * @param epochs 1 or more; 1 by default if no other trigger is given
         * @return this
         * @throws ConfigurationException if {@code epochs} is below 1
         */
        public Builder everyNEpochs(long epochs) {
            everyNEpochs = Require.atLeast(1, epochs, "ModelCheckpoint everyNEpochs");
            return this;
        }

        /**
         * Saves after the first step that ends so long after the last save. Which step that is depends on the machine's speed.
         *
         * @param time above zero
         * @return this
         * @throws ConfigurationException if {@code time} is zero or negative
         */
        public Builder every(Duration time) {
            everyNanos = Require.positive(time, "ModelCheckpoint every").toNanos();
            return this;
        }

        /**
         * Whether an exception that ends the run saves {@code epoch=E-step=S-exception.safetensors} first.
         *
         * @param value by default false
         * @return this
         */
        public Builder saveOnException(boolean value) {
            saveOnException = value;
            return this;
        }

        /**
         * Whether files hold the weights alone. They are smaller, and no run can be resumed from them.
         *
         * @param value by default false
         * @return this
         */
        public Builder saveWeightsOnly(boolean value) {
            saveWeightsOnly = value;
            return this;
        }

        /**
         * The folder to save to.
         *
         * @param folder by default {@code checkpoints} in the run directory
         * @return this
         */
        public Builder dirpath(Path folder) {
            dirpath = Require.given(folder, "ModelCheckpoint dirpath", "leave it out for the run directory");
            return this;
        }

        /**
         * Makes the callback.
         *
         * @return the callback
         * @throws ConfigurationException if the options contradict each other
         */
        public ModelCheckpoint build() {
            if (monitor == null && modeGiven) {
                throw new ConfigurationException("ModelCheckpoint mode is " + mode
                        + ", but no metric is monitored. Call monitor(\"val_loss\"), say, or leave mode out.");
            }
            if (saveTopK == 0 && !saveLast && !saveOnException) {
                throw new ConfigurationException("ModelCheckpoint saveTopK is 0, so nothing would ever be saved. Call"
                        + " saveLast(true) or saveOnException(true), or leave the callback out.");
            }
            return new ModelCheckpoint(this);
        }
    }
}
