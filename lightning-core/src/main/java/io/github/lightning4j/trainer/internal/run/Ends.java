package io.github.lightning4j.trainer.internal.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;

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

    /** Runs something, then whatever it has registered. */
    public static <T> T around(Function<Ends, T> body) {
        Ends ends = new Ends();
        T result;
        try {
            result = body.apply(ends);
        } catch (Throwable failure) {
            throw ends.failed(FreedArray.explain(failure));
        }
        ends.runAll();
        ends.failures.throwFirst();
        return result;
    }

    private RuntimeException failed(Throwable failure) {
        failures.add(failure);
        runAll();
        return Failures.unchecked(failure, "The run failed");
    }

    private void runAll() {
        while (!ends.isEmpty()) {
            failures.attempt(ends.pop());
        }
    }

    /** Registers an end. */
    public void atEnd(Failures.Action end) {
        ends.push(end);
    }

    /** Registers what is to be done only if something has failed by then. */
    public void onFailure(Consumer<Throwable> end) {
        atEnd(() -> {
            Throwable failure = failures.first();
            if (failure != null) {
                end.accept(failure);
            }
        });
    }

    /** Whether the body or an end has failed so far. */
    public boolean haveFailed() {
        return failures.first() != null;
    }

    /** Registers that something is closed. */
    public <T extends AutoCloseable> T closing(T resource) {
        atEnd(resource::close);
        return resource;
    }
}
