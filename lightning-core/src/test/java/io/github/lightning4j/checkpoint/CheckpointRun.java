package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run without a model: it counts, calls the callbacks as the loop does, and saves their state to real files. What it
 * logs is said by the test.
 */
final class CheckpointRun implements Run {
    final Map<String, Double> metrics = new TreeMap<>();
    final List<String> saved = new ArrayList<>();
    final List<Callback> callbacks;
    final @Nullable Path directory;
    CheckpointWriter writer = CheckpointWriter.direct();
    boolean validates = true;
    boolean fastDevRun;
    long epoch;
    long step;
    long batch;
    long batches = 3;

    CheckpointRun(@Nullable Path directory, Callback... callbacks) {
        this.directory = directory;
        this.callbacks = List.of(callbacks);
    }

    CheckpointRun start() {
        callbacks.forEach(each -> each.setup(this, Stage.TRAIN));
        return this;
    }

    void end() {
        writer.await();
        callbacks.forEach(each -> each.teardown(this, Stage.TRAIN));
    }

    /** Trains on a batch. */
    void batch() {
        batch++;
        step++;
    }

    void validate(Map<String, Double> results) {
        callbacks.forEach(each -> each.onValidationStart(this));
        metrics.putAll(results);
        callbacks.forEach(each -> each.onValidationEnd(this));
        savePoint(SavePoint.VALIDATION);
    }

    void savePoint(SavePoint point) {
        callbacks.forEach(each -> each.onSavePoint(this, point));
    }

    /** An epoch of batches with a validation at its end. */
    void epoch(Map<String, Double> results) {
        for (int i = 0; i < batches; i++) {
            batch();
            if (i == batches - 1 && validates) {
                validate(results);
            }
            savePoint(SavePoint.BATCH);
        }
        metrics.putAll(results);
        epoch++;
        batch = 0;
        savePoint(SavePoint.EPOCH);
    }

    @Override
    public void saveCheckpoint(Path file, boolean weightsOnly) {
        StateTreeWriter tree = new StateTreeWriter();
        callbacks.forEach(each -> each.save(tree.child("callbacks").child(each.stateKey())));
        tree.child("loop").putLong("epoch", epoch);
        tree.child("loop").putLong("step", step);
        writer.write(file, tree);
        saved.add(file.getFileName() + (weightsOnly ? " weights" : ""));
    }

    @Override
    public Stage stage() {
        return Stage.TRAIN;
    }

    @Override
    public boolean isFitting() {
        return true;
    }

    @Override
    public boolean isFastDevRun() {
        return fastDevRun;
    }

    @Override
    public LightningModule module() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long globalStep() {
        return step;
    }

    @Override
    public long batchesDone() {
        return batch;
    }

    @Override
    public long trainBatches() {
        return batches;
    }

    @Override
    public List<Long> evaluationBatches() {
        return List.of();
    }

    @Override
    public boolean hasValidation() {
        return validates;
    }

    @Override
    public long maxEpochs() {
        return -1;
    }

    @Override
    public long maxSteps() {
        return -1;
    }

    @Override
    public long samplesSeen() {
        return (epoch * batches + batch) * 10;
    }

    @Override
    public Seeds seeds() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Double> metrics() {
        return Map.copyOf(metrics);
    }

    @Override
    public Map<String, Double> progressBarMetrics() {
        return Map.of();
    }

    @Override
    public List<Optimizer> optimizers() {
        return List.of();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return List.of();
    }

    @Override
    public List<Logger> loggers() {
        return List.of();
    }

    @Override
    public List<Callback> callbacks() {
        return callbacks;
    }

    @Override
    public @Nullable Path directory() {
        return directory;
    }

    @Override
    public void log(String name, double value, LogOptions options) {
        metrics.put(name, value);
    }

    @Override
    public void logNow(Map<String, Double> row) {
        metrics.putAll(row);
    }

    @Override
    public void requestStop(String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void withdrawStop(String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt(String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NDArray keep(NDArray array) {
        throw new UnsupportedOperationException();
    }
}
