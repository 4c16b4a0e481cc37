package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.Sources;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A validation or a test on its own. */
public final class EvaluationRun {
    private final RunSession session;

    /**
     * Prepares an evaluation.
     *
     * @param session its session
     */
    public EvaluationRun(RunSession session) {
        this.session = session;
    }

    /**
     * Runs it.
     *
     * @param loaders the batches
     * @return what was logged, reduced
     */
    public Map<String, Double> run(List<? extends Iterable<Batch>> loaders) {
        List<BatchSource> sources = loaders.stream().map(Sources::of).toList();
        Stage stage = session.stage();
        boolean test = stage == Stage.TEST;
        Limit limit = test ? session.options().limitTest() : session.options().limitVal();
        String limitName = test ? "limitTestBatches" : "limitValBatches";
        return new Lifecycle(session, stage)
                .run(() -> Failures.ended(() -> evaluate(sources, limit, limitName), sources.get(0)::forget));
    }

    private Map<String, Double> evaluate(List<BatchSource> sources, Limit limit, String limitName) {
        new ModuleSetup(session).initialize(sources.get(0));
        EvaluationLoop loop = new EvaluationLoop(session, session.stage(), sources, limit, limitName);
        Objects.requireNonNull(loop.run(ValidationSchedule.Untracked.INSTANCE));
        return session.metrics();
    }
}
