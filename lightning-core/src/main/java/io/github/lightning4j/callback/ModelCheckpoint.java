package io.github.lightning4j.callback;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import java.nio.file.Path;
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
 * <p>A checkpoint that is as good as one kept before does not displace it, and NaN displaces nothing. The new file is in
 * place before the old one is deleted, and a file knows of itself: a run resumed from it goes on as if it had never
 * ended.
 */
public final class ModelCheckpoint implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoint.class);

    private final ModelCheckpointBuilder options;
    private final CheckpointName name;
    private final CheckpointTriggers triggers;

    private @Nullable CheckpointStore store;
    private CheckpointShelf shelf = CheckpointShelf.EMPTY;
    private @Nullable String last;
    private long checkedStep;
    private CheckpointMonitor monitor;

    ModelCheckpoint(ModelCheckpointBuilder options) {
        this.options = options;
        name = new CheckpointName(options.filename);
        triggers = new CheckpointTriggers(options);
        monitor = new CheckpointMonitor(options.monitor);
    }

    /**
     * The folder it was told to save to.
     *
     * @return the folder, or null for the run directory's {@code checkpoints}
     */
    public @Nullable Path dirpath() {
        return options.dirpath;
    }

    /**
     * Starts with the defaults: the newest checkpoint, after every epoch.
     *
     * @return the builder
     */
    public static ModelCheckpointBuilder builder() {
        return new ModelCheckpointBuilder();
    }

    /**
     * The best checkpoint, or without a monitored metric the newest that was kept.
     *
     * @return its file, or null if none was kept
     */
    public @Nullable Path bestModelPath() {
        CheckpointShelf.Entry best = shelf.best(rankedBy());
        return best == null || store == null ? null : store.file(best.path());
    }

    /**
     * The monitored metric's value at the best checkpoint.
     *
     * @return the value; NaN if there is none
     */
    public double bestModelScore() {
        CheckpointShelf.Entry best = shelf.best(rankedBy());
        return best == null ? Double.NaN : best.score();
    }

    /**
     * The checkpoints that are kept and their scores.
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
        String what = options.monitor == null ? "newest" : options.monitor.replace('/', '.') + ", " + options.mode;
        return "ModelCheckpoint[" + what + ", " + triggers + "]";
    }

    private @Nullable Mode rankedBy() {
        return options.monitor == null ? null : options.mode;
    }

    // ---- the run
    // -----------------------------------------------------------------------------------------------------

    /** A new run starts anew; one that is resumed is loaded after this. */
    @Override
    public void setup(Run run, Stage stage) {
        if (stage != Stage.TRAIN || run.isFastDevRun()) {
            return;
        }
        store = new CheckpointStore(run.directory(), options.dirpath);
        CheckpointFolder.removeTemporaries(store.folder());
        shelf = CheckpointShelf.EMPTY;
        last = null;
        checkedStep = 0;
        monitor = new CheckpointMonitor(options.monitor);
        triggers.restart();
    }

    @Override
    public void onValidationStart(Run run) {
        if (isOn(run)) {
            monitor.validationStarts(run);
        }
    }

    @Override
    public void onValidationEnd(Run run) {
        if (isOn(run)) {
            monitor.validationEnds(run);
        }
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (store == null || !isOn(run)) {
            return;
        }
        store.deleteWhatGaveWay();
        if (run.globalStep() == checkedStep || !triggers.areDue(run, point, monitor)) {
            return;
        }
        if (monitor.isCurrent(run, point)) {
            triggers.done();
            check(run, store, point, run.metrics());
        }
    }

    private static boolean isOn(Run run) {
        return run.isFitting() && run.stage() != Stage.SANITY_CHECK && !run.isFastDevRun();
    }

    private void check(Run run, CheckpointStore files, SavePoint point, Map<String, Double> metrics) {
        CheckpointShelf shelfBefore = shelf;
        String lastBefore = last;
        long stepBefore = checkedStep;
        // The state is brought up to date first, so that each file holds it as it is with that file in place.
        checkedStep = run.globalStep();
        double score = options.monitor == null ? Double.NaN : metrics.getOrDefault(options.monitor, Double.NaN);
        CheckpointShelf room = shelf.makeRoom(score, rankedBy(), options.saveTopK);
        List<String> toSave = new ArrayList<>();
        if (room != null) {
            long epoch = point == SavePoint.EPOCH ? run.epoch() - 1 : run.epoch();
            String path = files.freeName(name.fill(epoch, run.globalStep(), metrics), room, others(run));
            shelf = room.with(path, score);
            toSave.add(path);
        }
        if (options.saveLast) {
            last = files.path(CheckpointName.LAST);
            toSave.add(last);
        }
        try {
            toSave.forEach(path -> run.saveCheckpoint(files.file(path), options.saveWeightsOnly));
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
        if (store != null && isOn(run) && options.monitor != null && run.globalStep() > 0 && checkedStep == 0) {
            LOG.warn(
                    "Nothing was saved: ModelCheckpoint monitors '{}', and the run ended before a validation or an epoch had"
                            + " made it. Train longer, validate more often, or leave out the monitor.",
                    options.monitor);
        }
    }

    @Override
    public void onException(Run run, Throwable failure) {
        if (store == null || !options.saveOnException || !isOn(run)) {
            return;
        }
        String file = "epoch=" + run.epoch() + "-step=" + run.globalStep() + "-exception";
        try {
            run.saveCheckpoint(store.file(store.path(file)), options.saveWeightsOnly);
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

    // ---- state
    // -------------------------------------------------------------------------------------------------------

    @Override
    public void save(StateWriter state) {
        CheckpointShelf.Entry best = shelf.best(rankedBy());
        state.putString(CheckpointFolder.BEST, best == null ? "" : best.path());
        state.putBoolean(CheckpointFolder.MONITORED, options.monitor != null);
        state.putString("last_model_path", last == null ? "" : last);
        state.putLong("checked_step", checkedStep);
        state.putBoolean("pending", triggers.pending());
        shelf.save(state);
        monitor.save(state);
    }

    @Override
    public void load(StateReader state) {
        // These two are for CkptPath.best(); here they follow from the rest.
        state.getString(CheckpointFolder.BEST);
        state.getBoolean(CheckpointFolder.MONITORED);
        String path = state.getString("last_model_path");
        last = path.isEmpty() ? null : path;
        checkedStep = state.getLong("checked_step");
        triggers.setPending(state.getBoolean("pending"));
        shelf = CheckpointShelf.load(state);
        monitor.load(state);
        if (store != null) {
            store.deleteLater(shelf.evicted(), null);
        }
    }
}
