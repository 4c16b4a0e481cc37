package io.github.lightning4j.trainer.internal.run;

import ai.djl.training.ParameterStore;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run is doing: its stage, and how layers behave meanwhile. */
public final class Phases {
    private final ParameterStore parameterStore;
    private @Nullable CallContext fit;
    private Stage stage;
    private List<Long> evaluationBatches = List.of();

    /** A phase, to be left on the thread that entered it. */
    @FunctionalInterface
    public interface Phase extends AutoCloseable {
        @Override
        void close();
    }

    /** Creates the phases of a run. */
    public Phases(Stage first, ParameterStore parameterStore) {
        this.stage = first;
        this.parameterStore = parameterStore;
    }

    /** The present stage. */
    public Stage stage() {
        return stage;
    }

    /**
     * The batches of each loader of the evaluation that is going on; one count a loader; none outside an evaluation.
     */
    public List<Long> evaluationBatches() {
        return evaluationBatches;
    }

    /** Layers train from here on, in training steps alone. */
    public Phase train() {
        CallContext context = CallContext.push(parameterStore, false, null);
        fit = context;
        return () -> {
            fit = null;
            context.close();
        };
    }

    /** A hook was entered or left; around training steps layers evaluate, so that a forward pass there leaves no trace. */
    public void inTrainingStep(boolean value) {
        if (fit != null) {
            fit.layersTrain(value);
        }
    }

    /** Layers train from here on, and nothing is recorded for backward. */
    public Phase trainUnrecorded() {
        GradMode off = GradMode.off();
        CallContext context = CallContext.push(parameterStore, true, null);
        return () -> {
            context.close();
            off.close();
        };
    }

    /** Layers evaluate from here on, and nothing is recorded for backward. */
    public Phase evaluate(Stage next, List<Long> batches) {
        Stage previous = stage;
        stage = next;
        evaluationBatches = batches;
        GradMode off = GradMode.off();
        CallContext context = CallContext.push(parameterStore, false, null);
        return () -> {
            context.close();
            off.close();
            stage = previous;
            evaluationBatches = List.of();
        };
    }
}
