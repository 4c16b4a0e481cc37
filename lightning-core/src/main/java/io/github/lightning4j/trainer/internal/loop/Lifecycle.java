package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.CallContext;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.function.Supplier;

/** What every run has in common: setup, exception and teardown hooks, loggers. Teardown always happens. */
public final class Lifecycle {
    private final RunSession session;
    private final LightningModule module;
    private final Stage stage;

    /**
     * Creates the lifecycle of one run.
     *
     * @param session the run
     * @param stage what it does
     */
    public Lifecycle(RunSession session, Stage stage) {
        this.session = session;
        this.module = session.module();
        this.stage = stage;
    }

    /**
     * Runs something between setup and teardown.
     *
     * @param body what to run
     * @param <T> the type of its result
     * @return its result
     */
    public <T> T run(Supplier<T> body) {
        try (GradMode off = GradMode.off();
                CallContext context = session.context(false)) {
            T result = body(body);
            Failures.runAll(session::awaitSaves, this::teardown, () -> finish(false));
            return result;
        }
    }

    private <T> T body(Supplier<T> body) {
        try {
            session.loggers().forEach(each -> each.start(session));
            session.hooks().call(Hook.SETUP, each -> each.setup(session, stage), this::setupModule);
            return body.get();
        } catch (Throwable failure) {
            throw Failures.afterwards(
                    failure,
                    () -> session.reportException(failure),
                    session::awaitSaves,
                    this::teardown,
                    () -> finish(true));
        }
    }

    private void setupModule() {
        try {
            module.setup(stage);
        } catch (Exception e) {
            throw Failures.unchecked(e, "setup of " + module.getClass().getSimpleName() + " failed");
        }
    }

    private void teardown() {
        session.hooks().callAll(Hook.TEARDOWN, each -> each.teardown(session, stage), () -> module.teardown(stage));
    }

    private void finish(boolean failure) {
        Failures.runAll(session.loggers().stream()
                .map((Logger each) -> (Failures.Action) () -> each.finish(failure))
                .toArray(Failures.Action[]::new));
    }
}
