package io.github.lightning4j;

/** The root of everything Lightning4j throws on purpose. Its message says what was given, what was expected and how to fix it. */
public class LightningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was given, what was expected and how to fix it
     */
    public LightningException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what was given, what was expected and how to fix it
     * @param cause the failure underneath
     */
    public LightningException(String message, Throwable cause) {
        super(message, cause);
    }
}
