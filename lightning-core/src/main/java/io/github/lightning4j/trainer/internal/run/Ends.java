package io.github.lightning4j.trainer.internal.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What has begun and must end. Ends are registered as things begin and run in reverse, each whatever became of the others;
 * the first failure is thrown, later ones are suppressed onto it.
 *
 * <pre>{@code
 * return Ends.around(ends -> {
 *     Resumption resumption = ends.closing(Resumption.find(...));
 *     ends.atEnd(hooks.on(Hook.TEARDOWN)::callAll);
 *     return train(resumption);
 * });
 * }</pre>
 */
public final class Ends {
    private final Deque<Failures.Action> ends = new ArrayDeque<>();
    private final Failures failures = new Failures();

    private Ends() {}

    /**
     * Runs something, then whatever it has registered.
     *
     * @param body what to run
     * @param <T> the type of its result
     * @return its result
     */
    public static <T> T around(Function<Ends, T> body) {
        Ends ends = new Ends();
        @Nullable T result = null;
        try {
            result = body.apply(ends);
        } catch (Throwable failure) {
            ends.failures.add(failure);
        }
        while (!ends.ends.isEmpty()) {
            ends.failures.attempt(ends.ends.pop());
        }
        ends.failures.throwFirst();
        return result;
    }

    /**
     * Registers an end.
     *
     * @param end what is to be done
     */
    public void atEnd(Failures.Action end) {
        ends.push(end);
    }

    /**
     * Registers what is to be done only if something has failed by then.
     *
     * @param end receives the first failure
     */
    public void onFailure(Consumer<Throwable> end) {
        atEnd(() -> {
            Throwable failure = failures.first();
            if (failure != null) {
                end.accept(failure);
            }
        });
    }

    /**
     * Whether something has failed, for ends that depend on it.
     *
     * @return true once the body or an end has failed
     */
    public boolean haveFailed() {
        return failures.first() != null;
    }

    /**
     * Registers that something is closed.
     *
     * @param resource what was opened
     * @param <T> its type
     * @return the resource
     */
    public <T extends AutoCloseable> T closing(T resource) {
        atEnd(resource::close);
        return resource;
    }
}
