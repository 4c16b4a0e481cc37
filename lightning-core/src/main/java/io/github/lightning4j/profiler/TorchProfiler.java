package io.github.lightning4j.profiler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.TorchTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch's own profiler: every operation of some training batches, forward and backward, with its time, as a Chrome trace for
 * {@code chrome://tracing} or Perfetto. It records a few batches after the first ones, since a trace of all would be large and the
 * first are slower than the rest. What is in a trace is slower than without it.
 */
public final class TorchProfiler implements Profiler {
    private static final Logger LOG = LoggerFactory.getLogger(TorchProfiler.class);
    private static final String NAME = "torch-trace.json";

    private final @Nullable Path given;
    private final long skip;
    private final long batches;
    private @Nullable Path file;
    private @Nullable TorchTrace trace;
    private long seen;

    /** Records 5 batches after the first 2 into {@code torch-trace.json} of the run directory. */
    public TorchProfiler() {
        this.given = null;
        this.skip = 2;
        this.batches = 5;
    }

    /**
     * Records some batches into a file.
     *
     * @param file where the trace is written; replaced if it exists
     * @param skip how many training batches go by before, 0 or more
     * @param batches how many are recorded, at least 1
     */
    public TorchProfiler(Path file, long skip, long batches) {
        this.given = Require.given(file, "the file of the trace");
        this.skip = Require.atLeast(0, skip, "skip");
        this.batches = Require.atLeast(1, batches, "batches");
    }

    @Override
    public void start(Run run) {
        seen = 0;
        file = null;
        if (!run.isFitting()) {
            return;
        }
        Path directory = run.directory();
        if (given != null) {
            file = given;
        } else if (directory != null) {
            file = directory.resolve(NAME);
        } else {
            throw new ConfigurationException(
                    "TorchProfiler writes into the run directory, but this run writes no files."
                            + " Give it a file, or leave it out.");
        }
    }

    @Override
    public void enter(Stage stage, String section) {
        if (file != null && trace == null && section.equals(Section.TRAINING_BATCH) && seen == skip) {
            trace = TorchTrace.start();
        }
    }

    @Override
    public void leave(Stage stage, String section) {
        if (section.equals(Section.TRAINING_BATCH)) {
            seen++;
            if (seen == skip + batches) {
                end();
            }
        }
    }

    @Override
    public void finish() {
        end();
    }

    private void end() {
        if (trace == null || file == null) {
            return;
        }
        TorchTrace recorded = trace;
        trace = null;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new LightningException("Cannot write " + file + ": " + e, e);
        } finally {
            recorded.stop(file);
        }
        LOG.info("PyTorch's trace of {} batches is in {}", seen - skip, file);
    }
}
