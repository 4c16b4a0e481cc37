package io.github.lightning4j.trainer;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.trainer.internal.loop.EvaluationRun;
import io.github.lightning4j.trainer.internal.loop.Failures;
import io.github.lightning4j.trainer.internal.loop.FitRun;
import io.github.lightning4j.trainer.internal.loop.Interruption;
import io.github.lightning4j.trainer.internal.loop.PredictionRun;
import io.github.lightning4j.trainer.internal.loop.RunSession;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** A validation, test or prediction on its own. */
final class EvaluationExecution {
    private final TrainerOptions options;
    private final LightningModule module;
    private final FitData data;
    private final Stage stage;

    EvaluationExecution(TrainerOptions options, LightningModule module, FitData data, Stage stage) {
        this.options = options;
        this.module = module;
        this.data = data;
        this.stage = stage;
    }

    Map<String, Double> evaluate() {
        return run(session -> new EvaluationRun(session).run(data.evaluation(stage)));
    }

    PredictResult predict() {
        NDManager results = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
        try {
            return new PredictResult(
                    results, run(session -> new PredictionRun(session).run(data.evaluation(stage), results)));
        } catch (Throwable failure) {
            throw Failures.afterwards(failure, results::close);
        }
    }

    private <T> T run(Function<RunSession, T> body) {
        if (options.threads() > 0 && !FitRun.isOnAnotherThread()) {
            TorchRuntime.setThreads(options.threads());
        }
        Seeds seeds = options.seed() == null ? new Seeds(0) : new Seeds(options.seed());
        try (RunSession session = new RunSession(
                module,
                options.loop(),
                seeds,
                RunCallbacks.forEvaluation(options, module),
                List.of(),
                null,
                stage,
                new Interruption())) {
            return prepared(() -> body.apply(session));
        }
    }

    private <T> T prepared(Supplier<T> body) {
        T result;
        try {
            data.prepare(module, stage);
            result = body.get();
        } catch (Throwable failure) {
            throw Failures.afterwards(failure, () -> data.onException(failure), () -> data.teardown(stage));
        }
        Failures.runAll(() -> data.teardown(stage));
        return result;
    }
}
