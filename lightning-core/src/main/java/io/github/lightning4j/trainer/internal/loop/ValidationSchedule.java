package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Metric;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.IdentityHashMap;
import java.util.List;

/** When a fit validates, and the sanity check before it. */
final class ValidationSchedule {
    private final RunSession session;
    private final FitProgress progress;
    private final Every interval;
    private final List<BatchSource> sources;
    private long batchesBetween = -1;
    private long lastAt = System.nanoTime();

    ValidationSchedule(RunSession session, List<BatchSource> sources) {
        this.session = session;
        this.progress = session.progress();
        this.interval = session.options().valCheckInterval();
        this.sources = session.options().limitVal().isNone() ? List.of() : sources;
        session.setHasValidation(!this.sources.isEmpty());
    }

    void setTrainBatches(long count) {
        if (interval.unit() == Every.Unit.EPOCH_FRACTION) {
            if (count < 0) {
                throw new ConfigurationException("valCheckInterval is " + interval
                        + ", but the training data does not know its length. Use Every.steps(n).");
            }
            batchesBetween = Math.max(1, (long) (count * interval.fraction()));
        }
    }

    /**
     * Whether a validation follows the batch just done.
     *
     * @param epochEnds whether it was the epoch's last
     */
    boolean isDue(boolean epochEnds) {
        if (sources.isEmpty() || progress.validatedAt == progress.batch) {
            return false;
        }
        return switch (interval.unit()) {
            case EPOCHS -> epochEnds && (progress.epoch + 1) % interval.count() == 0;
            case EPOCH_FRACTION -> progress.batch % batchesBetween == 0;
            case STEPS ->
                progress.globalStep > 0
                        && progress.globalStep % interval.count() == 0
                        && progress.validatedAtStep != progress.globalStep;
            case DURATION -> System.nanoTime() - lastAt >= interval.count();
        };
    }

    /**
     * Validates, or goes on with a validation that was under way.
     *
     * @return false if it was interrupted
     */
    boolean run() {
        if (session.interruption().reason() != null) {
            return false;
        }
        EvaluationLoop loop = new EvaluationLoop(
                session, Stage.VALIDATE, sources, session.options().limitVal(), "limitValBatches");
        if (!progress.validating) {
            progress.validating = true;
            progress.valLoader = 0;
            progress.valBatch = 0;
        }
        boolean finished = loop.run(new FitPosition()) != null;
        if (finished) {
            progress.validating = false;
            progress.validatedAt = progress.batch;
            progress.validatedAtStep = progress.globalStep;
            lastAt = System.nanoTime();
        }
        return finished;
    }

    /** The position kept in the fit's progress. */
    private final class FitPosition implements EvaluationLoop.Position {
        @Override
        public int loader() {
            return progress.valLoader;
        }

        @Override
        public int batch() {
            return progress.valBatch;
        }

        @Override
        public boolean advance(int loader, int batchesDone) {
            progress.valLoader = loader;
            progress.valBatch = batchesDone;
            return session.interruption().reason() == null;
        }
    }

    /** A few validation batches before training; leaves no trace in randomness, buffers, metrics or logs. */
    void sanityCheck() {
        long batches = session.options().sanityValBatches();
        if (batches == 0 || sources.isEmpty() || session.options().fastDevRun()) {
            return;
        }
        IdentityHashMap<Parameter, NDArray> buffers = copyBuffers();
        try {
            session.hooks().call(Hook.ON_SANITY_CHECK_START, each -> each.onSanityCheckStart(session));
            Limit limit = batches < 0 ? session.options().limitVal() : Limit.batches(batches);
            new EvaluationLoop(session, Stage.SANITY_CHECK, sources, limit, "numSanityValSteps")
                    .run(Untracked.INSTANCE);
            session.hooks().call(Hook.ON_SANITY_CHECK_END, each -> each.onSanityCheckEnd(session));
        } finally {
            session.book().clear();
            session.module().metrics().values().forEach(Metric::reset);
            buffers.forEach((parameter, saved) -> parameter.getArray().set(new NDIndex("..."), saved));
            buffers.values().forEach(NDArray::close);
        }
    }

    private IdentityHashMap<Parameter, NDArray> copyBuffers() {
        IdentityHashMap<Parameter, NDArray> copies = new IdentityHashMap<>();
        for (Parameter parameter : session.module().buffers().values()) {
            NDArray copy = MemoryScope.release(parameter.getArray().duplicate());
            copy.attach(session.manager());
            copies.put(parameter, copy);
        }
        return copies;
    }

    /** An evaluation that always starts at the beginning and ends at the end. */
    enum Untracked implements EvaluationLoop.Position {
        INSTANCE;

        @Override
        public int loader() {
            return 0;
        }

        @Override
        public int batch() {
            return 0;
        }

        @Override
        public boolean advance(int loader, int batchesDone) {
            return true;
        }
    }
}
