package io.github.lightning4j;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Under {@code detectAnomaly}, a number that is not finite has come up: the message says where first. */
public final class AnomalyException extends LightningException {
    private static final long serialVersionUID = 1;

    /** What was not finite. */
    private final String tensor;

    private final transient @Nullable Path file;

    /**
     * Creates it.
     *
     * @param tensor what was not finite: {@code the output of net.2 (Linear)}
     * @param message where, and what to do
     * @param file the batch it came up with, or null if none was written
     */
    public AnomalyException(String tensor, String message, @Nullable Path file) {
        super(message);
        this.tensor = tensor;
        this.file = file;
    }

    /**
     * What was not finite.
     *
     * @return {@code the output of net.2 (Linear)}, {@code the loss} or the like
     */
    public String tensor() {
        return tensor;
    }

    /**
     * The batch it came up with: a safetensors file with the arrays {@code data.0} and {@code labels.0} and so on.
     *
     * @return the file, or null if the run writes none
     */
    public @Nullable Path file() {
        return file;
    }
}
