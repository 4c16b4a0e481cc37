package io.github.lightning4j;

/** A dataset, a batch or a data file is not what it has to be. */
public class DataException extends LightningException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was given, what was expected and how to fix it
     */
    public DataException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what was given, what was expected and how to fix it
     * @param cause the failure underneath
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
