package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.logger.FailurePolicy;
import io.github.lightning4j.logger.OnFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes an event file for TensorBoard into the run directory: scalars of every row and the epoch, hyperparameters, the
 * module's layers as a graph, images, texts, tables and histograms; of what a metric computes that is no number a picture, and for a
 * {@code PrecisionRecallCurve} also the page of that name. {@code tensorboard --logdir} takes the run directory, or the folder of several.
 *
 * <p>The file is written on a thread of its own; what waits for it is bounded, and beyond that the loop waits. Events reach
 * the file at the end of each epoch and with each checkpoint. A run resumed from a checkpoint cuts the file back to what
 * that checkpoint knows, so that no point is missing or double.
 *
 * <p>Needs {@code com.google.protobuf:protobuf-java} on the class path.
 */
public final class TensorBoardLogger implements Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(TensorBoardLogger.class);

    /** TensorBoard takes every file whose name holds "tfevents", in the order of their names. */
    private static final String EVENTS = "events.out.tfevents.lightning4j";

    private final FailurePolicy policy;
    private @Nullable Path path;
    private @Nullable RecordFile file;
    private @Nullable BackgroundWriter writer;
    private String run = "";
    private boolean own;
    /** Whether the file holds the hyperparameters already. */
    private boolean resumed;

    /**
     * Creates a logger that stops the run if it cannot write.
     *
     * @throws ConfigurationException if protobuf-java is missing
     */
    public TensorBoardLogger() {
        this(OnFailure.STOP);
    }

    /**
     * Creates a logger.
     *
     * @param onFailure what becomes of a run whose events cannot be written
     * @throws ConfigurationException if protobuf-java is missing
     */
    public TensorBoardLogger(OnFailure onFailure) {
        try {
            Events.fileVersion(0);
        } catch (NoClassDefFoundError e) {
            throw new ConfigurationException(
                    "TensorBoardLogger needs com.google.protobuf:protobuf-java, which is not on the class path. Add it to"
                            + " the project's dependencies.",
                    e);
        }
        policy = new FailurePolicy(onFailure);
    }

    @Override
    public List<String> files() {
        return List.of(EVENTS);
    }

    /**
     * Takes the directory of a run. An evaluation after a fit has the same directory and goes on in the same file.
     *
     * @param started the run
     * @throws ConfigurationException if the run has no directory
     */
    @Override
    public void start(Run started) {
        Path directory = started.directory();
        if (directory == null) {
            throw new ConfigurationException(
                    "TensorBoardLogger needs a run directory, but this run writes no files. Leave the logger out.");
        }
        Path current = directory.resolve(EVENTS);
        if (!current.equals(path)) {
            path = current;
            own = !started.isFitting();
            resumed = false;
            run = String.valueOf(directory.getFileName());
            file = null;
            policy.run(current, () -> file = new RecordFile(current));
        }
        if (writer == null) {
            writer = new BackgroundWriter("lightning4j-tensorboard");
        }
    }

    @Override
    public void logHyperparameters(Map<String, Object> hyperparameters) {
        if (resumed) {
            return;
        }
        double now = seconds();
        Map<String, Object> copy = new LinkedHashMap<>(hyperparameters);
        append(() -> Events.hyperparameters(now, run, copy));
    }

    @Override
    public void logGraph(LightningModule module) {
        if (resumed) {
            return;
        }
        double now = seconds();
        byte[] graph = GraphDef.of(module);
        append(() -> Events.graph(now, graph));
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        double now = seconds();
        Map<String, Double> row = new LinkedHashMap<>(metrics);
        row.putIfAbsent("epoch", (double) epoch);
        append(() -> Events.scalars(now, step, row));
    }

    @Override
    public void logItem(String name, LogItem item, long step, long epoch) {
        double now = seconds();
        append(() -> Events.item(now, step, name, item));
    }

    private static double seconds() {
        return System.currentTimeMillis() / 1e3;
    }

    private interface Event {
        byte @Nullable [] bytes();
    }

    /** Events are put together on the writer's thread. */
    private void append(Event event) {
        refuseExisting();
        RecordFile target = file;
        BackgroundWriter thread = writer;
        if (target != null && thread != null) {
            policy.run(EVENTS, () -> io(() -> thread.submit(() -> append(target, event))));
        }
    }

    private static void append(RecordFile target, Event event) throws IOException {
        byte[] bytes = event.bytes();
        if (target.isEmpty()) {
            target.append(Events.fileVersion(seconds()));
        }
        if (bytes != null) {
            target.append(bytes);
        }
    }

    private void refuseExisting() {
        if (!own && path != null && Files.isRegularFile(path)) {
            throw new ConfigurationException(
                    path + " holds the events of another run. Choose another directory, or resume that run.");
        }
        own = true;
    }

    private interface Writes {
        void to(RecordFile file) throws IOException;
    }

    private void await(Writes action) {
        RecordFile target = file;
        BackgroundWriter thread = writer;
        if (target != null && thread != null && path != null) {
            policy.run(path, () -> io(() -> thread.await(() -> action.to(target))));
        }
    }

    private static void io(BackgroundWriter.Action action) throws IOException {
        try {
            action.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void flush() {
        await(RecordFile::flush);
    }

    @Override
    public void finish(boolean failure) {
        try {
            await(RecordFile::close);
        } finally {
            if (writer != null) {
                writer.close();
                writer = null;
            }
        }
    }

    @Override
    public void save(StateWriter state) {
        long[] length = {0};
        await(target -> length[0] = target.force());
        state.putLong("length", length[0]);
    }

    /**
     * Cuts the file back to what it held when the checkpoint was saved. Without a file, in a new directory, the run starts one.
     *
     * @param state what {@link #save} wrote
     * @throws CheckpointException if the file is shorter than it was
     */
    @Override
    public void load(StateReader state) {
        long length = state.getLong("length", 0);
        own = true;
        if (length > 0 && path != null && !Files.exists(path)) {
            LOG.warn("{} does not exist: the events before this checkpoint are in the directory it comes from", path);
            return;
        }
        resumed = length > 0;
        await(target -> target.cutBack(length));
    }
}
