package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Hyperparameters;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Metric;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CallbackStates;
import io.github.lightning4j.checkpoint.CheckpointInfo;
import io.github.lightning4j.checkpoint.NamedStates;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.checkpoint.internal.CheckpointOwner;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.loop.OpenRun;
import io.github.lightning4j.trainer.internal.loop.RunParts;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The complete state of a fit as a tree: what is saved, and put back in place. Everything that may differ between two
 * equal runs is below {@link #VOLATILE}.
 */
public final class FitCheckpoint {
    /** Where everything lies that may differ between two equal runs; loggers' files hold times, so their lengths do. */
    static final String VOLATILE = CheckpointOwner.VOLATILE;

    private static final String TRAINED = "trained_nanos";
    private static final String GROUPS = "added_groups";
    private static final String DATA_MODULE = "datamodule";

    private static final Logger LOG = LoggerFactory.getLogger(FitCheckpoint.class);

    private final RunParts parts;
    private final Run view;
    private final LightningModule module;
    private final @Nullable LightningDataModule dataModule;
    private final SavedOptions options;
    private final SavedFreezing freezing;
    private final SavedGroups groups;
    private final SavedGradients gradients;
    private final SavedSchedulers schedulers;
    private final SavedLoggers loggers;

    /**
     * Creates the view of a fit.
     *
     * @param dataModule its data module, or null
     */
    public FitCheckpoint(
            OpenRun run, TrainerOptions options, @Nullable LightningDataModule dataModule, SavedLoggers loggers) {
        this.parts = run.parts();
        this.view = run.view();
        this.module = parts.module();
        this.dataModule = dataModule;
        this.options = new SavedOptions(options);
        this.freezing = new SavedFreezing(module, parts.position()::globalStep);
        this.groups = new SavedGroups(parts);
        this.gradients = new SavedGradients(parts);
        this.schedulers = new SavedSchedulers(parts.optimizers());
        this.loggers = loggers;
    }

    /** Saves while the module has the weights that callbacks want to be saved. */
    void whileSaving(Runnable save) {
        try {
            parts.hooks().on(Hook.ON_BEFORE_SAVE).callCallbacks();
            save.run();
        } finally {
            parts.hooks().on(Hook.ON_AFTER_SAVE).callAll();
        }
    }

    /** Writes the weights alone. */
    void saveWeights(StateTreeWriter state) {
        state.child(VOLATILE).putString(CheckpointOwner.RUN, view.id());
        weightsInfo().writeTo(state);
        Weights.save(module, state);
    }

    /** What a file of weights says of the run as it is now. */
    public CheckpointInfo weightsInfo() {
        return info(true);
    }

    private CheckpointInfo info(boolean weightsOnly) {
        return new CheckpointInfo(
                view.epoch(), view.globalStep(), weightsOnly, module.hyperparameters(), dataHyperparameters());
    }

    private Map<String, Object> dataHyperparameters() {
        return dataModule == null ? Map.of() : dataModule.hyperparameters();
    }

    /** Writes everything. */
    void save(StateTreeWriter state) {
        nameParameters();
        state.child(VOLATILE).putString(CheckpointOwner.RUN, view.id());
        info(false).writeTo(state);
        Weights.save(module, state);
        state.putLong("seed", parts.seeds().seed());
        state.putLong("threads", TorchRuntime.threads());
        options.save(state.child("options"));
        parts.position().save(state.child("loop"));
        parts.book().save(state.child("log"));
        parts.history().save(state.child("history"));
        freezing.save(state);
        groups.save(state.child(GROUPS));
        gradients.save(state.child("gradient"));
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            optimizers.get(i).save(state.child("optimizer/" + i));
        }
        schedulers.save(state);
        parts.optimizers().save(state.child("monitors"));
        metrics().save(state, Metric::save);
        module.onSaveCheckpoint(state.child("module"));
        if (dataModule != null) {
            dataModule.save(state.child(DATA_MODULE));
        }
        CallbackStates.save(view.callbacks(), view.directory(), state);
        loggers.save(state.child(VOLATILE));
        state.child(VOLATILE).putLong(TRAINED, parts.clock().nanos());
    }

    /**
     * Puts everything back in place. The fit must be set up as far as its optimizers.
     *
     * @throws CheckpointException if it does not fit this run
     */
    void load(StateTreeReader state) {
        Weights.restore(module, state);
        checkThreads(state.getLong("threads"));
        options.reportChanges(state.child("options"));
        CheckpointInfo info = CheckpointInfo.read(state);
        Changes.report("hyperparameter ", info.hyperparameters(), Hyperparameters.plain(module.hyperparameters()));
        Changes.report(
                "hyperparameter data/", info.dataHyperparameters(), Hyperparameters.plain(dataHyperparameters()));
        parts.position().load(state.child("loop"));
        parts.book().load(state.child("log"));
        parts.history().load(state.child("history"));
        freezing.load(state);
        if (state.has(GROUPS)) {
            groups.load(state.child(GROUPS));
        }
        nameParameters();
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        List<StateTreeReader> saved = IntStream.range(0, optimizers.size())
                .mapToObj(i -> state.child("optimizer/" + i))
                .toList();
        gradients.load(state.child("gradient"), saved);
        schedulers.load(state, () -> {
            for (int i = 0; i < optimizers.size(); i++) {
                optimizers.get(i).load(saved.get(i));
            }
        });
        if (state.has("monitors")) {
            parts.optimizers().load(state.child("monitors"));
        }
        metrics().load(state, Metric::load);
        module.onLoadCheckpoint(state.child("module"));
        CallbackStates.load(view.callbacks(), state);
        loggers.load(state.child(VOLATILE));
        parts.clock().goOnFrom(trained(state));
        leaveOutDataModule(state);
    }

    /** Groups may have been added since. */
    private void nameParameters() {
        new ParameterNames(module).giveTo(parts.optimizers().optimizers());
    }

    /** The nanoseconds a saved run has trained; earlier versions did not save them. */
    static long trained(StateTreeReader state) {
        StateTreeReader own = state.child(VOLATILE);
        return own.has(TRAINED) ? own.getLong(TRAINED, 0) : 0;
    }

    private NamedStates<Metric> metrics() {
        return NamedStates.of("metric", "metric", module.metrics());
    }

    private void leaveOutDataModule(StateTreeReader state) {
        if (dataModule == null && state.has(DATA_MODULE)) {
            LOG.warn("The checkpoint holds the state of a data module, and this run has none");
            state.child(DATA_MODULE).skip();
        }
    }

    private static void checkThreads(long saved) {
        if (saved != TorchRuntime.threads()) {
            LOG.warn(
                    "The run was saved with {} libtorch threads and goes on with {}: its results will differ in the"
                            + " last bits. Use threads({}) to go on exactly.",
                    saved,
                    TorchRuntime.threads(),
                    saved);
        }
    }

    /** Puts the data module's state back, which its loaders may depend on. */
    void loadData(StateTreeReader state) {
        if (dataModule == null) {
            return;
        }
        if (state.has(DATA_MODULE)) {
            dataModule.load(state.child(DATA_MODULE));
        } else {
            LOG.info("The data module is new in this run: it starts without saved state");
        }
    }
}
