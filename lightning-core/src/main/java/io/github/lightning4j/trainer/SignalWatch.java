package io.github.lightning4j.trainer;

import io.github.lightning4j.trainer.internal.run.Interruption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Listens to SIGTERM and SIGINT while a fit runs, and to nothing before and after. The first signal asks the fit to stop;
 * once it has ended, the signal is handed on to whoever handled it before.
 */
final class SignalWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignalWatch.class);
    private static final List<String> NAMES = List.of("TERM", "INT");
    private static final int EXIT_CODE_BASE = 128;

    private final Interruption interruption;
    private final Map<Signal, SignalHandler> previous = new LinkedHashMap<>();
    private final AtomicReference<@Nullable Signal> received = new AtomicReference<>();

    private SignalWatch(Interruption interruption) {
        this.interruption = interruption;
    }

    /**
     * Starts to listen, if it is to.
     *
     * @param policy what to do about signals; null to watch them only on the main thread, where the process is the fit's
     * @param interruption asks the fit to stop
     * @return to be closed when the fit has ended, then {@link #handOn}
     */
    static SignalWatch start(@Nullable SignalPolicy policy, Interruption interruption) {
        SignalWatch watch = new SignalWatch(interruption);
        if (policy != SignalPolicy.NONE && (policy != null || isMain(Thread.currentThread()))) {
            watch.listen();
        }
        return watch;
    }

    /** By its name, which the launcher gives it; its number differs between Java versions. */
    private static boolean isMain(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return "main".equals(thread.getName()) && group != null && "main".equals(group.getName());
    }

    private void listen() {
        for (String name : NAMES) {
            try {
                Signal signal = new Signal(name);
                previous.put(signal, Signal.handle(signal, this::receive));
            } catch (IllegalArgumentException e) {
                LOG.info("SIG{} cannot be handled ({}), so it ends the process without saving", name, e.getMessage());
            }
        }
    }

    private void receive(Signal signal) {
        if (!received.compareAndSet(null, signal)) {
            Runtime.getRuntime().halt(EXIT_CODE_BASE + signal.getNumber());
        }
        LOG.info("SIG{}: the step is finished and the run saved; a second signal ends it at once", signal.getName());
        interruption.request("SIG" + signal.getName() + " was received");
    }

    /** Stops listening. */
    @Override
    public void close() {
        previous.forEach(Signal::handle);
    }

    /** Hands a signal that was received on to whoever handled it before, which may end the process. */
    void handOn() {
        Signal signal = received.get();
        if (signal == null) {
            return;
        }
        SignalHandler handler = previous.get(signal);
        if (handler == SignalHandler.SIG_DFL) {
            System.exit(EXIT_CODE_BASE + signal.getNumber());
        } else if (handler != null && handler != SignalHandler.SIG_IGN) {
            handler.handle(signal);
        }
    }
}
