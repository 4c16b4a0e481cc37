package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.djl.TorchRuntime;
import io.github.lightning4j.internal.loop.Failures;
import io.github.lightning4j.internal.loop.FitRun;
import io.github.lightning4j.internal.loop.Interruption;
import io.github.lightning4j.internal.loop.RunSession;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One fit: everything around its loop. */
final class FitExecution {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(FitExecution.class);

    private final TrainerOptions options;
    private final LightningModule module;
    private final FitData data;
    private final Interruption interruption;
    private @Nullable ResultFile resultFile;

    FitExecution(TrainerOptions options, LightningModule module, FitData data, Interruption interruption) {
        this.options = options;
        this.module = module;
        this.data = data;
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

    private FitResult fit() {
        Seeds seeds = options.seed() == null ? Seeds.draw() : new Seeds(options.seed());
        List<Callback> callbacks = RunCallbacks.forFit(options, module);
        List<Logger> loggers = options.loggers() == null ? List.of() : options.loggers();
        Path directory = null;
        try (RunSession session = new RunSession(
                module, options.loop(), seeds, callbacks, loggers, directory, Stage.TRAIN, interruption)) {
            if (options.seed() == null) {
                LOG.info("seed {} (drawn; give seed({}) to repeat this run)", seeds.seed(), seeds.seed());
            }
            String reason = new FitRun(session).run(data.train(), data.validation(), () -> {});
            FitResult result = new FitResult(
                    session.epoch(),
                    session.globalStep(),
                    reason,
                    session.metrics(),
                    session.history().epochs(),
                    null,
                    directory,
                    seeds.seed(),
                    List.of(),
                    session.globalStep(),
                    "");
            return result;
        }
    }

    @Nullable
    ResultFile resultFile() {
        return resultFile;
    }
}
