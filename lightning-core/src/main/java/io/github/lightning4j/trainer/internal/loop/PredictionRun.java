package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.Sources;
import java.util.List;

/** A prediction. */
public final class PredictionRun {
    private final RunSession session;

    /**
     * Prepares a prediction.
     *
     * @param session its session
     */
    public PredictionRun(RunSession session) {
        this.session = session;
    }

    /**
     * Runs it.
     *
     * @param loaders the batches
     * @param results owns the outputs; a CPU manager
     * @return one list of batches a loader
     */
    public List<List<NDList>> run(List<? extends Iterable<Batch>> loaders, NDManager results) {
        List<BatchSource> sources = loaders.stream().map(Sources::of).toList();
        return new Lifecycle(session, Stage.PREDICT)
                .run(() -> Failures.ended(() -> predict(sources, results), sources.get(0)::forget));
    }

    private List<List<NDList>> predict(List<BatchSource> sources, NDManager results) {
        new ModuleSetup(session).initialize(sources.get(0));
        return new PredictionLoop(session).run(sources, results);
    }
}
