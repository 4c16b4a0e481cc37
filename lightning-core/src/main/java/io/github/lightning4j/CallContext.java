package io.github.lightning4j;

import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.torch.GradMode;
import org.jspecify.annotations.Nullable;

/**
 * Where parameters come from and whether layers train, for every {@code call} on this thread. A stack: loops push one
 * around their phases, {@code forward} of a module pushes one for a {@code Predictor}; nothing of it is kept in the module,
 * so that one module serves many threads.
 */
public final class CallContext implements AutoCloseable {
    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    private final ParameterStore parameterStore;
    private boolean training;
    private final @Nullable ModuleHost host;
    private final @Nullable CallContext outer;
    private @Nullable GradMode gradMode;

    private CallContext(
            ParameterStore parameterStore, boolean training, @Nullable ModuleHost host, @Nullable CallContext outer) {
        this.parameterStore = parameterStore;
        this.training = training;
        this.host = host;
        this.outer = outer;
    }

    /**
     * Opens a context on this thread.
     *
     * @param parameterStore where parameters come from
     * @param training whether dropout, batch norm and the like behave as in training
     * @param host the loop, or null to keep the one of the context around
     * @return the context, to be closed on the same thread
     */
    public static CallContext push(ParameterStore parameterStore, boolean training, @Nullable ModuleHost host) {
        CallContext outer = CURRENT.get();
        CallContext context =
                new CallContext(parameterStore, training, host == null && outer != null ? outer.host : host, outer);
        CURRENT.set(context);
        return context;
    }

    /**
     * Opens a context on this thread in which layers evaluate and nothing is recorded for backward.
     *
     * @param parameterStore where parameters come from
     * @return the context, to be closed on the same thread
     */
    static CallContext evaluating(ParameterStore parameterStore) {
        CallContext context = push(parameterStore, false, null);
        context.gradMode = GradMode.off();
        return context;
    }

    /**
     * Says whether layers train from here on, without opening another context.
     *
     * @param trains true within a training step
     */
    public void layersTrain(boolean trains) {
        training = trains;
    }

    /**
     * The innermost context of this thread.
     *
     * @return the context, or null outside any
     */
    public static @Nullable CallContext current() {
        return CURRENT.get();
    }

    /**
     * Where parameters come from.
     *
     * @return the store
     */
    public ParameterStore parameterStore() {
        return parameterStore;
    }

    /**
     * Whether layers behave as in training.
     *
     * @return true in training
     */
    public boolean isTraining() {
        return training;
    }

    /**
     * The loop on this thread.
     *
     * @return the loop, or null within a mere forward pass
     */
    public @Nullable ModuleHost host() {
        return host;
    }

    /** Returns to the context around this one. */
    @Override
    public void close() {
        if (gradMode != null) {
            gradMode.close();
        }
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
