package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run that a test steers by its fields. */
public final class FakeRun implements Run {
    public Stage stage = Stage.TRAIN;
    public boolean fitting = true;
    public boolean fastDevRun;
    public boolean hasValidation;
    public long epoch;
    public long globalStep;
    public long batchesDone;
    public long trainBatches = -1;
    public List<Long> evaluationBatches = List.of();
    public long maxEpochs = -1;
    public long samplesSeen;
    public @Nullable Path directory;
    public @Nullable LightningModule module;
    public final List<Optimizer> optimizers = new ArrayList<>();
    public final Map<String, Double> metrics = new LinkedHashMap<>();
    public final Map<String, Double> barMetrics = new LinkedHashMap<>();

    /** What was asked of the run. */
    public final List<String> stopRequests = new ArrayList<>();

    public final Map<String, Double> logged = new LinkedHashMap<>();
    public final Map<String, LogOptions> loggedOptions = new LinkedHashMap<>();

    @Override
    public Stage stage() {
        return stage;
    }

    @Override
    public boolean isFitting() {
        return fitting;
    }

    @Override
    public boolean isFastDevRun() {
        return fastDevRun;
    }

    @Override
    public boolean hasValidation() {
        return hasValidation;
    }

    @Override
    public LightningModule module() {
        if (module == null) {
            throw new IllegalStateException("the test gave no module");
        }
        return module;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long globalStep() {
        return globalStep;
    }

    @Override
    public long batchesDone() {
        return batchesDone;
    }

    @Override
    public long trainBatches() {
        return trainBatches;
    }

    @Override
    public List<Long> evaluationBatches() {
        return evaluationBatches;
    }

    @Override
    public long maxEpochs() {
        return maxEpochs;
    }

    @Override
    public long maxSteps() {
        return -1;
    }

    @Override
    public long samplesSeen() {
        return samplesSeen;
    }

    @Override
    public Seeds seeds() {
        return new Seeds(1);
    }

    @Override
    public Map<String, Double> metrics() {
        return new LinkedHashMap<>(metrics);
    }

    @Override
    public Map<String, Double> progressBarMetrics() {
        return new LinkedHashMap<>(barMetrics);
    }

    @Override
    public List<Optimizer> optimizers() {
        return optimizers;
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
        return List.of();
    }

    @Override
    public @Nullable Path directory() {
        return directory;
    }

    @Override
    public void log(String name, double value, LogOptions options) {
        logged.put(name, value);
        loggedOptions.put(name, options);
    }

    @Override
    public void logNow(Map<String, Double> row) {
        logged.putAll(row);
    }

    @Override
    public void requestStop(String reason) {
        stopRequests.add(reason);
    }

    @Override
    public void withdrawStop(String reason) {
        stopRequests.remove(reason);
    }

    @Override
    public void interrupt(String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void saveCheckpoint(Path file, boolean weightsOnly) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NDArray keep(NDArray array) {
        throw new UnsupportedOperationException();
    }
}
