package io.github.lightning4j.trainer;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.trainer.internal.loop.EvaluationLoop;
import io.github.lightning4j.trainer.internal.loop.ModuleSetup;
import io.github.lightning4j.trainer.internal.loop.OpenRun;
import io.github.lightning4j.trainer.internal.loop.PredictionLoop;
import io.github.lightning4j.trainer.internal.loop.RunParts;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import io.github.lightning4j.trainer.internal.run.Ends;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A validation, test or prediction on its own. */
final class Evaluation {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private final TrainerOptions options;
    private final LightningModule module;
    private final RunData data;
    private final Stage stage;
    private final @Nullable Supplier<Checkpoint> weights;
    private final Interruption interruption = new Interruption();

    /** @param weights opens the checkpoint whose weights are judged, or null for those the module has */
    Evaluation(
            TrainerOptions options,
            LightningModule module,
            RunData data,
            Stage stage,
            @Nullable Supplier<Checkpoint> weights) {
        this.weights = weights;
        this.options = options;
        this.module = module;
        this.data = data;
        this.stage = stage;
    }

    /**
     * Evaluates.
     *
     * @param fit the fit of the module that it follows, or null if it stands on its own
     */
    EvaluationResult evaluate(@Nullable FinishedFit fit) {
        return run(() -> fit == null ? alone() : following(fit), (parts, sources) -> {
            if (fit == null) {
                parts.loggers().logHyperparameters(data.hyperparameters(module));
                parts.loggers().logGraph(module);
            }
            new EvaluationLoop(parts, stage, sources, options.batches()).runAll();
            return new EvaluationResult(parts.book().metrics(), sources.size());
        });
    }

    PredictResult predict() {
        NDManager results = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
        return Ends.around(ends -> {
            ends.onFailure(failure -> results.close());
            List<List<NDList>> outputs = run(this::silent, (parts, sources) -> predict(parts, sources, results));
            return new PredictResult(results, outputs);
        });
    }

    private List<List<NDList>> predict(RunParts parts, List<BatchSource> sources, NDManager results) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).shuffles().orElse(false)) {
                LOG.warn(
                        "Loader {} shuffles, so its predictions come in another order than its samples. Give predict a"
                                + " loader without shuffling.",
                        i);
            }
        }
        return new PredictionLoop(parts, sources, options.batches(), results).run();
    }

    private <T> T run(Supplier<OpenRun> opening, BiFunction<RunParts, List<BatchSource>, T> loop) {
        if (module.isClosed()) {
            throw new ConfigurationException(ClassName.of(module)
                    + " was closed, so its parameters are gone and new ones would be judged. "
                    + stage.name().toLowerCase(Locale.ROOT)
                    + " it before it is closed, or load its weights into a new module.");
        }
        return Ends.around(ends -> {
            ends.atEnd(interruption::passOn);
            if (stage != Stage.PREDICT) {
                ends.closing(ModuleClaim.take(module));
            }
            TorchClaim.setThreads(options.compute().threads());
            TorchClaim.setBenchmark(options.compute().benchmark());
            OpenRun run = ends.closing(opening.get());
            data.begin(module, stage, ends);
            run.begin(ends);
            data.show(run.view());
            List<BatchSource> sources = data.evaluation(stage);
            ends.atEnd(sources.get(0)::forget);
            new ModuleSetup(run.parts()).initialize(sources.get(0), options.compute());
            restore(run.parts().position());
            return loop.apply(run.parts(), sources);
        });
    }

    /** What is logged belongs to the step of the weights that are judged. */
    private void restore(Position position) {
        if (weights != null) {
            try (Checkpoint checkpoint = weights.get()) {
                checkpoint.restoreInto(module);
                position.fitEndedAt(checkpoint.epoch(), checkpoint.globalStep());
                LOG.info("the weights are those of {}", checkpoint.file());
            }
        }
    }

    private OpenRun following(FinishedFit fit) {
        OpenRun run = open(fit.loggers(), fit.result().runDirectory());
        if (weights == null) {
            run.parts()
                    .position()
                    .fitEndedAt(fit.result().epochs(), fit.result().globalStep());
        }
        return run;
    }

    private OpenRun alone() {
        List<Logger> given = options.loggers();
        if (given == null || given.isEmpty() || options.fastDevRun()) {
            return silent();
        }
        Path named = options.storage().runDirectory();
        Path directory = named == null
                ? RunDirectory.next(
                        options.storage().defaultRootDir(), options.storage().runName())
                : RunDirectory.next(named, stage.name().toLowerCase(Locale.ROOT));
        return open(given, directory);
    }

    private OpenRun silent() {
        return open(List.of(), null);
    }

    private OpenRun open(List<Logger> loggers, @Nullable Path directory) {
        Seeds seeds = new Seeds(options.seed() == null ? 0 : options.seed());
        return new OpenRun(
                stage,
                module,
                options,
                seeds,
                UUID.randomUUID().toString(),
                RunCallbacks.forEvaluation(options, module),
                loggers,
                directory,
                interruption);
    }
}
