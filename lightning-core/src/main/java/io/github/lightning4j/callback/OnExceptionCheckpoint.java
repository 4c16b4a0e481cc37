package io.github.lightning4j.callback;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves a fit that ends by an exception, whatever other checkpoints there are: {@code checkpoints/on_exception.safetensors} in
 * the run directory, where {@code CkptPath.last()} and {@code autoResume} find it. A fit that ends well deletes the file.
 *
 * <p>Between two batches the fit goes on exactly; a batch in which the exception came is half done, which is said when the fit
 * is resumed. {@code ModelCheckpoint.builder().saveOnException(true)} saves such a checkpoint among its own.
 *
 * <p>Source: <a href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.OnExceptionCheckpoint.html">
 * OnExceptionCheckpoint</a> of PyTorch Lightning.
 */
public final class OnExceptionCheckpoint implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(OnExceptionCheckpoint.class);
    private static final String SUFFIX = ".safetensors";

    private final String filename;
    private boolean begun;
    private boolean failed;

    /** Saves {@code on_exception.safetensors}. */
    public OnExceptionCheckpoint() {
        this("on_exception");
    }

    /**
     * Saves a file of another name.
     *
     * @param filename its name without the suffix
     * @throws io.github.lightning4j.ConfigurationException if it is blank or has a slash
     */
    public OnExceptionCheckpoint(String filename) {
        this.filename = Require.name(filename, "OnExceptionCheckpoint filename");
        Require.that(
                !filename.isBlank() && !filename.contains("/") && !filename.contains("\\"),
                "OnExceptionCheckpoint filename",
                "'" + filename + "'",
                "the name of a file without its folder",
                "");
    }

    @Override
    public void setup(Run run, Stage stage) {
        begun = false;
        failed = false;
    }

    @Override
    public void onFitStart(Run run) {
        begun = !run.isFastDevRun();
    }

    @Override
    public void onException(Run run, Throwable failure) {
        failed = true;
        Path file = file(run);
        if (!begun || file == null) {
            return;
        }
        try {
            run.saveCheckpoint(file, false);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private @Nullable Path file(Run run) {
        Path directory = run.directory();
        return directory == null ? null : CheckpointFolder.of(directory).resolve(filename + SUFFIX);
    }

    @Override
    public void teardown(Run run, Stage stage) {
        Path file = file(run);
        if (!begun || failed || file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is not needed any more, but could not be deleted: {}", file, e.toString());
        }
    }
}
