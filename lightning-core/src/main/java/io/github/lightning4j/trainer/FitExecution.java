package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.trainer.internal.loop.Failures;
import io.github.lightning4j.trainer.internal.loop.FitCheckpoint;
import io.github.lightning4j.trainer.internal.loop.FitRun;
import io.github.lightning4j.trainer.internal.loop.Interruption;
import io.github.lightning4j.trainer.internal.loop.RunSession;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One fit: everything around its loop. */
final class FitExecution {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(FitExecution.class);

    private final TrainerOptions options;
    private final LightningModule module;
    private final FitData data;
    private final @Nullable CkptPath ckptPath;
    private final Interruption interruption;
    private @Nullable ResultFile resultFile;

    FitExecution(
            TrainerOptions options,
            LightningModule module,
            FitData data,
            @Nullable CkptPath ckptPath,
            Interruption interruption) {
        this.options = options;
        this.module = module;
        this.data = data;
        this.ckptPath = ckptPath;
        this.interruption = interruption;
    }

    /**
     * Runs it.
     *
     * @param begun called once no other fit can be running any more
     */
    FitResult run(Runnable begun) {
        FitRun.claim();
        try {
            begun.run();
            if (options.threads() > 0) {
                TorchRuntime.setThreads(options.threads());
            }
            return prepared();
        } finally {
            FitRun.release();
        }
    }

    private FitResult prepared() {
        FitResult result;
        try {
            data.prepare(module, Stage.TRAIN);
            result = fit();
        } catch (Throwable failure) {
            throw Failures.afterwards(failure, () -> data.onException(failure), () -> data.teardown(Stage.TRAIN));
        }
        Failures.runAll(() -> data.teardown(Stage.TRAIN));
        return result;
    }

    private FitResult fit() {
        try (Resumption resumption = Resumption.find(options, ckptPath, loggers())) {
            Path directory = directory(resumption);
            boolean sameRun = options.autoResume() || resumption.isResuming();
            try (Starts starts = Starts.begin(directory, resumption, sameRun)) {
                return fit(resumption, starts, directory);
            }
        }
    }

    private FitResult fit(Resumption resumption, Starts starts, @Nullable Path directory) {
        Seeds seeds = resumption.seeds(options.seed());
        LOG.info("seed {}{}", seeds.seed(), directory == null ? "" : ", run directory " + directory);
        List<Callback> callbacks = RunCallbacks.forFit(options, module, directory != null);
        try (RunSession session = new RunSession(
                module, options.loop(), seeds, callbacks, loggers(), directory, Stage.TRAIN, interruption)) {
            return fit(session, resumption, starts);
        }
    }

    private FitResult fit(RunSession session, Resumption resumption, Starts starts) {
        FitCheckpoint checkpoint = new FitCheckpoint(session, data.module());
        CheckpointWriter writer =
                options.backgroundCheckpoints() ? CheckpointWriter.background() : CheckpointWriter.direct();
        try (RunSaver saver = new RunSaver(checkpoint, writer, starts)) {
            session.setSaver(saver);
            String reason = run(session, inputs(checkpoint, session, resumption), saver);
            saver.finish(session.directory());
            FitResult result = result(session, reason, starts, saver.interrupted());
            if (session.directory() != null) {
                resultFile = new ResultFile(session.directory(), result);
            }
            return result;
        }
    }

    private FitRun.Inputs inputs(FitCheckpoint checkpoint, RunSession session, Resumption resumption) {
        return new FitRun.Inputs() {
            @Override
            public void restoreData() {
                resumption.applyData(checkpoint);
            }

            @Override
            public Iterable<Batch> train() {
                return data.train();
            }

            @Override
            public List<? extends Iterable<Batch>> validation() {
                return data.validation();
            }

            @Override
            public void restore() {
                resumption.apply(checkpoint, session);
            }
        };
    }

    private String run(RunSession session, FitRun.Inputs inputs, RunSaver saver) {
        try {
            return new FitRun(session).run(inputs);
        } catch (Throwable failure) {
            throw Failures.afterwards(failure, () -> saver.reportFailure(session.globalStep()));
        }
    }

    private FitResult result(RunSession session, String reason, Starts starts, @Nullable Path resumeFrom) {
        Path best = session.callbacks().stream()
                .filter(CheckpointCallback.class::isInstance)
                .map(CheckpointCallback.class::cast)
                .filter(callback -> callback.bestModelPath() != null)
                .min(Comparator.comparing((CheckpointCallback callback) -> Double.isNaN(callback.bestModelScore())))
                .map(CheckpointCallback::bestModelPath)
                .orElse(null);
        return new FitResult(
                session.epoch(),
                session.globalStep(),
                reason,
                session.metrics(),
                session.history().epochs(),
                best,
                session.directory(),
                session.seeds().seed(),
                resumeFrom,
                starts.resumedFrom(),
                starts.executed(),
                Weights.sha256(module));
    }

    private List<Logger> loggers() {
        if (options.loop().fastDevRun()) {
            return List.of();
        }
        return options.loggers() == null ? List.of(new CsvLogger()) : options.loggers();
    }

    private @Nullable Path directory(Resumption resumption) {
        boolean writes = options.checkpointing() || !loggers().isEmpty() || options.runDirectory() != null;
        if (options.loop().fastDevRun() || !writes) {
            return null;
        }
        if (options.runDirectory() != null) {
            boolean resuming = options.autoResume() || resumption.isResuming();
            return RunDirectory.given(options.runDirectory(), resuming, loggers());
        }
        Path resumed = resumption.runDirectory();
        return resumed != null ? resumed : RunDirectory.next(options.defaultRootDir(), options.runName());
    }

    @Nullable
    ResultFile resultFile() {
        return resultFile;
    }
}
