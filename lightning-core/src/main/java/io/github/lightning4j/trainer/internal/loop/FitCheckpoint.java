package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CheckpointInfo;
import io.github.lightning4j.checkpoint.SavedState;
import io.github.lightning4j.checkpoint.StateTree;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.internal.torch.GradientSet;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The complete state of a fit as a tree: what is saved, and put back in place. Everything that may differ between two
 * equal runs is below {@link #VOLATILE}.
 */
public final class FitCheckpoint {
    /** Where everything lies that may differ between two equal runs; loggers' files hold times, so their lengths do. */
    public static final String VOLATILE = "volatile";

    private static final String LOGGERS = "loggers";

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(FitCheckpoint.class);

    private final RunSession session;
    private final LightningModule module;
    private final @Nullable LightningDataModule dataModule;

    /**
     * Creates the view of a fit.
     *
     * @param session the fit
     * @param dataModule its data module, or null
     */
    public FitCheckpoint(RunSession session, @Nullable LightningDataModule dataModule) {
        this.session = session;
        this.module = session.module();
        this.dataModule = dataModule;
    }

    /**
     * Writes the weights alone.
     *
     * @param state receives them
     */
    public void saveWeights(StateTree state) {
        new CheckpointInfo(session.epoch(), session.globalStep(), true, module.hyperparameters()).writeTo(state);
        Weights.save(module, state);
    }

    /**
     * Writes everything.
     *
     * @param state receives it
     */
    public void save(StateTree state) {
        new CheckpointInfo(session.epoch(), session.globalStep(), false, module.hyperparameters()).writeTo(state);
        Weights.save(module, state);
        state.putLong("seed", session.seeds().seed());
        state.putLong("threads", TorchRuntime.threads());
        new SavedOptions(session.options()).save(state.child("options"));
        session.progress().save(state.child("loop"));
        session.book().save(state.child("log"));
        session.history().save(state.child("history"));
        saveGradients(state.child("gradient"));
        List<Optimizer> optimizers = session.optimization().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            optimizers.get(i).save(state.child("optimizer/" + i));
        }
        List<SchedulerConfig> schedulers = session.optimization().schedulers();
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).scheduler().save(state.child("scheduler/" + i));
        }
        module.metrics().forEach((name, metric) -> metric.save(state.child("metric/" + name)));
        module.onSaveCheckpoint(state.child("module"));
        if (dataModule != null) {
            dataModule.save(state.child("datamodule"));
        }
        for (Callback callback : session.callbacks()) {
            callback.save(state.child(CheckpointFolder.CALLBACKS + "/" + callback.stateKey()));
        }
        for (Map.Entry<String, Logger> logger : loggers().entrySet()) {
            logger.getValue().flush();
            logger.getValue().save(state.child(VOLATILE).child(LOGGERS).child(logger.getKey()));
        }
    }

    /**
     * Gradients of an unfinished window, and the names of those that exist at all: a parameter whose gradient is zero is
     * treated otherwise than one that has none.
     */
    private void saveGradients(StateWriter state) {
        List<Optimizer> optimizers = session.optimization().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            StateWriter own = state.child(Integer.toString(i));
            PairList<String, NDArray> defined =
                    session.optimization().gradients(optimizers.get(i)).defined();
            own.putStrings("defined", List.copyOf(defined.keys()));
            if (session.progress().windowBatches > 0 || !module.automaticOptimization()) {
                defined.forEach(pair -> own.putTensor(pair.getKey(), pair.getValue()));
            }
        }
    }

    /**
     * Puts everything back in place. The fit must be set up as far as its optimizers.
     *
     * @param state what {@link #save} wrote
     * @throws CheckpointException if it does not fit this run
     */
    public void load(SavedState state) {
        Weights.restore(module, state);
        long threads = state.getLong("threads");
        if (threads != TorchRuntime.threads()) {
            LOG.warn(
                    "The run was saved with {} libtorch threads and goes on with {}: its results will differ in the last"
                            + " bits. Use threads({}) to go on exactly.",
                    threads,
                    TorchRuntime.threads(),
                    threads);
        }
        new SavedOptions(session.options()).reportChanges(state.child("options"));
        session.progress().load(state.child("loop"));
        session.book().load(state.child("log"));
        session.history().load(state.child("history"));
        loadGradients(state.child("gradient"));
        List<Optimizer> optimizers = session.optimization().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            optimizers.get(i).load(state.child("optimizer/" + i));
        }
        List<SchedulerConfig> schedulers = session.optimization().schedulers();
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).scheduler().load(state.child("scheduler/" + i));
        }
        module.metrics().forEach((name, metric) -> metric.load(state.child("metric/" + name)));
        module.onLoadCheckpoint(state.child("module"));
        loadCallbacks(state);
        loadLoggers(state.child(VOLATILE));
    }

    /**
     * Puts the data module's state back, which its loaders may depend on.
     *
     * @param state what {@link #save} wrote
     */
    public void loadData(SavedState state) {
        if (dataModule != null) {
            dataModule.load(state.child("datamodule"));
        }
    }

    /** Callbacks may come and go between starts of a run; which ones did is said. */
    private void loadCallbacks(SavedState state) {
        String callbacks = CheckpointFolder.CALLBACKS;
        Set<String> unknown =
                new TreeSet<>(state.has(callbacks) ? state.child(callbacks).keys() : Set.of());
        for (Callback callback : session.callbacks()) {
            if (unknown.remove(callback.stateKey())) {
                callback.load(state.child(callbacks).child(callback.stateKey()));
            } else {
                LOG.info("Callback {} is new in this run: it starts without saved state", callback.stateKey());
            }
        }
        for (String key : unknown) {
            LOG.warn("The checkpoint holds the state of callback {}, which this run does not have", key);
            state.child(callbacks).child(key).skip();
        }
    }

    private void loadLoggers(SavedState saved) {
        loggers().forEach((key, logger) -> {
            if (saved.has(LOGGERS) && saved.child(LOGGERS).has(key)) {
                logger.load(saved.child(LOGGERS).child(key));
            } else {
                LOG.info("Logger {} is new in this run: it starts here", key);
            }
        });
    }

    /** Loggers by their class, numbered where there are several of one. */
    private Map<String, Logger> loggers() {
        Map<String, Logger> byKey = new LinkedHashMap<>();
        for (Logger logger : session.loggers()) {
            String simpleName = logger.getClass().getSimpleName();
            String name = simpleName.isEmpty() ? "anonymous" : simpleName;
            String key = name;
            for (int i = 1; byKey.containsKey(key); i++) {
                key = name + "-" + i;
            }
            byKey.put(key, logger);
        }
        return byKey;
    }

    private void loadGradients(StateReader state) {
        List<Optimizer> optimizers = session.optimization().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            StateReader own = state.child(Integer.toString(i));
            GradientSet gradients = session.optimization().gradients(optimizers.get(i));
            Map<String, Parameter> parameters = parametersOf(optimizers.get(i));
            for (String name : own.getStrings("defined")) {
                Parameter parameter = parameters.get(name);
                if (parameter == null) {
                    throw new CheckpointException("The checkpoint has a gradient of '" + name
                            + "', which the optimizer does not train: it has " + parameters.keySet()
                            + ". Resume with the module and optimizer it was saved from.");
                }
                restoreGradient(gradients, name, parameter, own);
            }
        }
    }

    private void restoreGradient(GradientSet gradients, String name, Parameter parameter, StateReader saved) {
        NDArray weight = parameter.getArray();
        try (NDArray value = saved.has(name)
                ? saved.newTensor(name, session.manager())
                : session.manager().zeros(weight.getShape(), weight.getDataType())) {
            gradients.restore(name, value);
        }
    }

    private static Map<String, Parameter> parametersOf(Optimizer optimizer) {
        Map<String, Parameter> parameters = new TreeMap<>();
        for (ParamGroup group : optimizer.paramGroups()) {
            for (int i = 0; i < group.parameters().size(); i++) {
                parameters.put(group.parameterNames().get(i), group.parameters().get(i));
            }
        }
        return parameters;
    }
}
