package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Metric;
import io.github.lightning4j.Run;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.profiler.Profiler;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.log.RunHistory;
import io.github.lightning4j.trainer.internal.log.RunLoggers;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.run.Ends;
import io.github.lightning4j.trainer.internal.run.Failures;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.SaveGate;
import io.github.lightning4j.trainer.internal.run.StepOutputs;
import io.github.lightning4j.trainer.internal.run.TrainingClock;
import io.github.lightning4j.trainer.internal.step.Accumulation;
import io.github.lightning4j.trainer.internal.step.Optimization;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run whose parts are made and joined. What it owns of native memory dies with it; module and parameters stay. */
public final class OpenRun implements AutoCloseable {
    private final Stage stage;
    private final @Nullable Profiler profiler;
    private final ModuleParameterStore parameterStore;
    private final RunParts parts;
    private final RunView view;
    private final StepServices services;

    /**
     * Opens a run.
     *
     * @param id tells it from others
     * @param directory where the run writes, or null
     */
    public OpenRun(
            Stage stage,
            LightningModule module,
            TrainerOptions options,
            Seeds seeds,
            String id,
            List<Callback> callbacks,
            List<Logger> loggers,
            @Nullable Path directory,
            Interruption interruption) {
        this.stage = stage;
        this.profiler = options.profiler();
        NDManager manager = MemoryScope.outside(
                () -> NDManager.newBaseManager(options.compute().device(), "PyTorch"));
        manager.setName("run");
        this.parameterStore = new ModuleParameterStore(manager);
        Position position = new Position();
        Phases phases = new Phases(stage, parameterStore, options.profiler());
        LogBook book = new LogBook(options.compute().device().isGpu(), module::metrics);
        RunLoggers each = new RunLoggers(loggers, position, phases);
        ItemBook items = new ItemBook(each, book);
        this.parts = new RunParts(
                module,
                seeds,
                manager,
                position,
                new TrainingClock(),
                interruption,
                phases,
                new SaveGate(),
                new Hooks(module, callbacks, new RunWatcher(book, items, phases)),
                book,
                new RunHistory(),
                each,
                items,
                new StepOutputs(),
                new OptimizerSet(
                        position, book, new Accumulation(options.gradients().accumulateGradBatches())));
        this.view = new RunView(parts, options, id, callbacks, directory);
        this.services = new StepServices(
                view, book, parts.outputs(), options.gradients().detectAnomaly());
        parts.hooks().showing(view);
    }

    /** The parts, for the loops. */
    public RunParts parts() {
        return parts;
    }

    /** The run as callbacks see it. */
    public Run view() {
        return view;
    }

    /**
     * Begins what every run begins with: loggers, then the setup hooks; and registers how all of that ends, exceptions
     * and saves in the background included.
     */
    public void begin(Ends ends) {
        Hooks hooks = parts.hooks();
        if (profiler != null) {
            ends.atEnd(profiler::finish);
            profiler.start(view);
        }
        ends.closing(GradMode.off());
        ends.closing(CallContext.push(parameterStore, false, services));
        ends.atEnd(() -> parts.loggers().finish(ends.haveFailed()));
        ends.atEnd(() -> hooks.on(Hook.TEARDOWN).stage(stage).callAll());
        ends.atEnd(parts.gate()::await);
        ends.onFailure(failure -> parts.gate()
                .whileFailing(() -> hooks.on(Hook.ON_EXCEPTION).failure(failure).callAll()));
        ends.onFailure(view::failed);
        if (stage != Stage.PREDICT) {
            parts.module().metrics().values().forEach(Metric::reset);
        }
        parts.loggers().start(view);
        hooks.on(Hook.SETUP).stage(stage).call();
    }

    /** Says why the loop is through. */
    public void ended(String reason) {
        view.ended(reason);
    }

    /** Says how the fit optimizes. */
    public void optimizeBy(Optimization optimization) {
        services.optimizeBy(optimization);
    }

    /** Shows what a fit trains and validates on. */
    public void showData(BatchSource train, List<BatchSource> vals) {
        view.showData(parts, train, vals);
    }

    @Override
    public void close() {
        Failures failures = new Failures();
        failures.attempt(parts.optimizers()::close);
        failures.attempt(parts.book()::clear);
        failures.attempt(parts.history()::close);
        failures.attempt(parts.manager()::close);
        failures.throwFirst();
    }
}
