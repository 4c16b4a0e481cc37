package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One evaluation over one or several loaders: validation within a fit or on its own, sanity check, test. Its position is
 * kept by a {@link Position}, so that an interrupted validation goes on where it stood.
 */
final class EvaluationLoop {
    private final RunSession session;
    private final Stage stage;
    private final EvaluationHooks hooks;
    private final List<BatchSource> sources;
    private final List<Long> limits;

    /** Where the evaluation stands. */
    interface Position {
        int loader();

        int batch();

        /** Called after each batch; returns false to leave the evaluation unfinished. */
        boolean advance(int loader, int batchesDone);
    }

    EvaluationLoop(RunSession session, Stage stage, List<BatchSource> sources, Limit limit, String limitName) {
        this.session = session;
        this.stage = stage;
        this.hooks =
                new EvaluationHooks(session, stage == Stage.TEST ? EvaluationKind.TEST : EvaluationKind.VALIDATION);
        this.sources = sources;
        this.limits = new ArrayList<>();
        for (BatchSource source : sources) {
            limits.add(limit.apply(source.batchCount(), limitName));
        }
    }

    /**
     * Runs it.
     *
     * @return the metrics for the loggers, or null if it was left unfinished
     */
    @org.jspecify.annotations.Nullable
    Map<String, Double> run(Position position) {
        Stage previous = session.enter(stage, limits);
        try (GradMode off = GradMode.off();
                CallContext context = session.context(false)) {
            if (position.loader() == 0 && position.batch() == 0) {
                session.book().enterLoader(0, sources.size());
                session.book().startEpoch(true);
                hooks.start();
                hooks.epochStart();
            }
            for (int loader = position.loader(); loader < sources.size(); loader++) {
                int from = loader == position.loader() ? position.batch() : 0;
                if (!runLoader(loader, from, position)) {
                    return null;
                }
            }
            session.book().enterLoader(0, sources.size());
            hooks.epochEnd();
            Map<String, Double> row = session.book().epochRow(true);
            session.toLoggers(row);
            hooks.end();
            session.book().startEpoch(true);
            return row;
        } finally {
            session.leave(previous);
        }
    }

    private boolean runLoader(int loader, int from, Position position) {
        session.book().enterLoader(loader, sources.size());
        int index = from;
        try (BatchPass pass =
                new BatchPass(sources.get(loader), session.manager(), session.seeds(), 0, limits.get(loader), from)) {
            while (pass.hasNext()) {
                evaluate(pass.next(), index, loader);
                index++;
                if (!position.advance(loader, index)) {
                    return false;
                }
            }
        }
        if (index == 0 && limits.get(loader) != 0) {
            throw new DataException(
                    "Loader " + loader + " of the " + stage.name().toLowerCase(java.util.Locale.ROOT)
                            + " data gave no batch. Check the dataset, the batch size and dropLast.");
        }
        return true;
    }

    private void evaluate(Batch batch, int index, int loader) {
        session.seedTorch(session.seeds().of(Seeds.Purpose.EVALUATION_STEP, loader, index));
        try (batch;
                MemoryScope scope = MemoryScope.open()) {
            session.progress().insideBatch = true;
            session.book().startBatch(batch.getSize());
            hooks.batchStart(batch, index, loader);
            hooks.step(batch, index, loader);
            hooks.batchEnd(batch, index, loader);
            if (session.book().hasEvaluationSteps()) {
                session.toLoggers(session.book().stepRow());
            }
            session.progress().insideBatch = false;
        }
    }
}
