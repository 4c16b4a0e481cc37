package io.github.lightning4j;

/** A checkpoint could not be written, read or applied. */
public class CheckpointException extends LightningException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was given, what was expected and how to fix it
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what was given, what was expected and how to fix it
     * @param cause the failure underneath
     */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
