package io.github.lightning4j.trainer.internal.loop;

/** The thread was interrupted while it waited for a batch. */
final class PassInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PassInterrupted(Throwable cause) {
        super(cause);
    }

    /** What to throw for a failure of the data: itself, unless an interrupt caused it, which is then off the thread. */
    static RuntimeException orItself(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                Thread.interrupted();
                return new PassInterrupted(failure);
            }
        }
        return failure;
    }
}
