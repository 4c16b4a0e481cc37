package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.option.Compute;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.step.Anomalies;
import io.github.lightning4j.trainer.internal.step.AutomaticOptimization;
import io.github.lightning4j.trainer.internal.step.ManualOptimization;
import io.github.lightning4j.trainer.internal.step.Optimization;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a module's parameters before any step runs, and its optimizers. */
public final class ModuleSetup {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleSetup.class);

    private final RunParts parts;
    private final LightningModule module;

    /** Creates the setup. */
    public ModuleSetup(RunParts parts) {
        this.parts = parts;
        this.module = parts.module();
    }

    /** Initialises what is not initialised, from declared shapes or those of the first batch, with the run's seed. */
    public void initialize(BatchSource source, Compute compute) {
        Device device = compute.device();
        TorchClaim.seed(parts.seeds().seed());
        if (!module.isInitialized()) {
            Shape[] shapes = source.peek(parts.manager(), parts.seeds())
                    .orElseThrow(
                            () -> new DataException("The data gave no batch, so the module's input shapes are unknown."
                                    + " Check the dataset, the batch size and dropLast."));
            try {
                module.initialize(device, compute.precision(), shapes);
            } catch (LightningException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new ConfigurationException(
                        ClassName.of(module) + " could not be initialised for input "
                                + List.of(shapes) + ": " + e.getMessage()
                                + ". Make the layers fit the data, or declare shapes with inputShapes() or"
                                + " addChildBlock(name, block, shapes).",
                        e);
            }
        }
        for (Parameter parameter : module.getParameters().values()) {
            moveTo(device, parameter);
            alignGradient(parameter);
        }
    }

    /** DJL reads parameters from a file into tensors that record no gradient, whatever the parameter says. */
    private static void alignGradient(Parameter parameter) {
        if (parameter.isInitialized()
                && parameter.requiresGradient() != parameter.getArray().hasGradient()) {
            parameter.getArray().setRequiresGradient(parameter.requiresGradient());
        }
    }

    private static void moveTo(Device device, Parameter parameter) {
        if (!parameter.isInitialized()) {
            return;
        }
        NDArray array = parameter.getArray();
        if (array.getDevice().equals(device)) {
            return;
        }
        NDArray moved = MemoryScope.release(array.toDevice(device, true));
        moved.attach(array.getManager());
        boolean trainable = parameter.requiresGradient();
        parameter.close();
        parameter.setInitializer((manager, shape, dataType) -> moved);
        parameter.initialize(moved.getManager(), moved.getDataType());
        parameter.freeze(!trainable);
    }

    private void check(SchedulerConfig config) {
        String name = config.scheduler().name();
        boolean byHand = config.interval().unit() == Every.Unit.NEVER;
        if (byHand && module.automaticOptimization()) {
            throw new ConfigurationException("Scheduler " + name
                    + " is to step never, but the loop optimizes. Give it Every.epochs(n) or Every.steps(n), or override"
                    + " automaticOptimization() to return false and step it in trainingStep.");
        }
        if (!byHand && config.scheduler().needsMetric() && config.monitor() == null) {
            throw new ConfigurationException("Scheduler " + name + " follows a metric, but none was named. Name it:"
                    + " withScheduler(scheduler).monitor(\"val_loss\").");
        }
        if (config.scheduler().meantForSteps() && config.interval().unit() == Every.Unit.EPOCHS) {
            LOG.warn(
                    "Scheduler {} counts optimizer steps, but is to step {}; Every.steps(1) is meant for it",
                    name,
                    config.interval());
        }
    }

    /**
     * Asks the module for its optimizers.
     *
     * @param directory that of the run, or null
     */
    public Optimization configureOptimizers(TrainerOptions options, @Nullable Path directory) {
        OptimizerSet set = parts.optimizers();
        OptimizerConfig config = askForOptimizers();
        set.configure(options.tuning() ? withoutSchedulers(config) : config, module::lrSchedulerStep);
        new ParameterNames(module).giveTo(set.optimizers());
        Optimization optimization = module.automaticOptimization()
                ? new AutomaticOptimization(
                        module, options.gradients(), parts.position(), parts.hooks(), set, parts.seeds())
                : new ManualOptimization(module, options.gradients(), parts.hooks(), set);
        return options.gradients().detectAnomaly()
                ? new Anomalies(optimization, parts.position(), directory)
                : optimization;
    }

    private static OptimizerConfig withoutSchedulers(OptimizerConfig config) {
        return OptimizerConfig.of(config.optimizers().toArray(OptimizerConfig[]::new));
    }

    private OptimizerConfig askForOptimizers() {
        try (Hooks.Call hook = parts.hooks().enter(Hook.CONFIGURE_OPTIMIZERS)) {
            @Nullable OptimizerConfig config = module.configureOptimizers();
            if (config == null || config.optimizers().isEmpty()) {
                throw new ConfigurationException(ClassName.of(module)
                        + ".configureOptimizers returned no optimizer. Return one, such as"
                        + " Adam.builder(parameters()).lr(1e-3).build().");
            }
            config.schedulers().forEach(this::check);
            return config;
        }
    }
}
