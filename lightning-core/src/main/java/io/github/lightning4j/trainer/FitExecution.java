package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.callback.ModelCheckpoint;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.internal.djl.TorchRuntime;
import io.github.lightning4j.internal.loop.Failures;
import io.github.lightning4j.internal.loop.FitCheckpoint;
import io.github.lightning4j.internal.loop.FitRun;
import io.github.lightning4j.internal.loop.Interruption;
import io.github.lightning4j.internal.loop.RunSession;
import io.github.lightning4j.logger.CsvLogger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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

    private record Loaders(Iterable<Batch> train, List<? extends Iterable<Batch>> validation) {}

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

    FitResult run() {
        FitRun.claim();
        try {
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

    /** The loaders come first: what is wrong with them is said before the run has a directory. */
    private FitResult fit() {
        Loaders loaders = new Loaders(data.train(), data.validation());
        try (Resumption resumption = Resumption.find(options, ckptPath)) {
            Path directory = directory(resumption);
            boolean sameRun = options.autoResume() || resumption.isResuming();
            try (Starts starts = Starts.begin(directory, resumption, sameRun)) {
                return fit(loaders, resumption, starts, directory);
            }
        }
    }

    private FitResult fit(Loaders loaders, Resumption resumption, Starts starts, @Nullable Path directory) {
        Seeds seeds = resumption.seeds(options.seed());
        LOG.info("seed {}{}", seeds.seed(), directory == null ? "" : ", run directory " + directory);
        List<Callback> callbacks = RunCallbacks.forFit(options, module, directory != null);
        try (RunSession session = new RunSession(
                module, options.loop(), seeds, callbacks, loggers(), directory, Stage.TRAIN, interruption)) {
            return fit(session, loaders, resumption, starts);
        }
    }

    private FitResult fit(RunSession session, Loaders loaders, Resumption resumption, Starts starts) {
        FitCheckpoint checkpoint = new FitCheckpoint(session, data.module());
        CheckpointWriter writer =
                options.backgroundCheckpoints() ? CheckpointWriter.background() : CheckpointWriter.direct();
        try (RunSaver saver = new RunSaver(checkpoint, writer, starts)) {
            session.setSaver(saver);
            String reason = run(session, loaders, () -> resumption.apply(checkpoint, session), saver);
            saver.finish(session.directory());
            FitResult result = result(session, reason, starts, saver.interrupted());
            if (session.directory() != null) {
                resultFile = new ResultFile(session.directory(), result);
            }
            return result;
        }
    }

    private String run(RunSession session, Loaders loaders, FitRun.Restore restore, RunSaver saver) {
        try {
            return new FitRun(session).run(loaders.train(), loaders.validation(), restore);
        } catch (Throwable failure) {
            throw Failures.afterwards(failure, () -> saver.reportFailure(session.globalStep()));
        }
    }

    private FitResult result(RunSession session, String reason, Starts starts, @Nullable Path resumeFrom) {
        Path best = session.callbacks().stream()
                .filter(ModelCheckpoint.class::isInstance)
                .map(callback -> ((ModelCheckpoint) callback).bestModelPath())
                .filter(Objects::nonNull)
                .findFirst()
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
            return RunDirectory.given(options.runDirectory(), resumption.isResuming());
        }
        Path resumed = resumption.runDirectory();
        return resumed != null ? resumed : RunDirectory.next(options.defaultRootDir(), options.runName());
    }

    @Nullable
    ResultFile resultFile() {
        return resultFile;
    }
}
