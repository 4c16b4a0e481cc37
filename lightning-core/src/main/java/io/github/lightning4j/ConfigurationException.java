package io.github.lightning4j;

/** An option, a combination of options, or what a module declares cannot work. */
public class ConfigurationException extends LightningException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was given, what was expected and how to fix it
     */
    public ConfigurationException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what was given, what was expected and how to fix it
     * @param cause the failure underneath
     */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
