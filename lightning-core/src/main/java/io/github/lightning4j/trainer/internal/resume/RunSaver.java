package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.SaveGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of one fit. */
public final class RunSaver implements SaveGate.Saver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunSaver.class);
    private static final String INTERRUPTED = "interrupted.safetensors";
    private static final int REMEMBERED = 100;
    private static final String FINISHED = "finished.safetensors";

    private final FitCheckpoint checkpoint;
    private final CheckpointWriter writer;
    private final Starts starts;
    private final RunLock lock;
    private final Position position;
    private final BooleanSupplier timeUp;
    private final @Nullable Path directory;
    /** The newest first; of a save that failed in the background there is no file. */
    private final Deque<Path> written = new ArrayDeque<>();

    private @Nullable List<Object> savedAt;
    private @Nullable Path interrupted;

    /**
     * Creates the saver.
     *
     * @param timeUp whether the run has trained as long as it may
     * @param directory the run directory, or null
     */
    public RunSaver(
            FitCheckpoint checkpoint,
            CheckpointWriter writer,
            Starts starts,
            RunLock lock,
            Position position,
            BooleanSupplier timeUp,
            @Nullable Path directory) {
        this.checkpoint = checkpoint;
        this.writer = writer;
        this.starts = starts;
        this.lock = lock;
        this.position = position;
        this.timeUp = timeUp;
        this.directory = directory;
    }

    @Override
    public void save(Path file, boolean weightsOnly) {
        lock.requireHeld();
        // Before the state is taken, so that time that runs out meanwhile is not thought to be in it.
        List<Object> mark = mark();
        checkpoint.whileSaving(() -> write(file, weightsOnly));
        if (!weightsOnly) {
            remember(file);
            savedAt = mark;
        }
    }

    private void write(Path file, boolean weightsOnly) {
        StateTreeWriter state = new StateTreeWriter();
        if (weightsOnly) {
            checkpoint.saveWeights(state);
        } else {
            checkpoint.save(state);
        }
        saveVolatile(state.child(FitCheckpoint.VOLATILE));
        writer.write(file, state);
    }

    /** All that decides whether the run is over. */
    private List<Object> mark() {
        return List.of(position.mark(), timeUp.getAsBoolean());
    }

    private void remember(Path file) {
        written.remove(file);
        written.addFirst(file);
        if (written.size() > REMEMBERED) {
            written.removeLast();
        }
    }

    /** The run goes on from a checkpoint of just this state. */
    public void resumed() {
        savedAt = mark();
    }

    /** Saves the end of a run, unless that was just done, so that another start finds it over. */
    public void saveFinished() {
        if (directory != null && interrupted == null && !mark().equals(savedAt)) {
            save(CheckpointFolder.of(directory).resolve(FINISHED), false);
        }
    }

    /** What may differ between two equal runs. */
    private void saveVolatile(StateTreeWriter state) {
        state.putString("saved_at", Instant.now().toString());
        state.putString("java", System.getProperty("java.version"));
        starts.save(state.child("starts"));
    }

    @Override
    public void saveInterrupted() {
        if (directory == null) {
            LOG.warn(
                    "The run was interrupted at step {} and writes no files, so it cannot be resumed",
                    position.globalStep());
            return;
        }
        Path file = CheckpointFolder.of(directory).resolve(INTERRUPTED);
        try (MemoryScope scope = MemoryScope.open()) {
            save(file, false);
        }
        writer.await();
        interrupted = file;
        LOG.info("The run was interrupted at step {}; resume it from {}", position.globalStep(), file);
    }

    /** Where a run goes on that was interrupted; the file, or null if it was not interrupted, or writes none. */
    public @Nullable Path interrupted() {
        return interrupted;
    }

    /** Waits for what is being written. A run that has ended and saved itself needs no checkpoint of an interruption. */
    public void finish() {
        writer.await();
        Path newest = written.peekFirst();
        if (interrupted == null && directory != null && newest != null && Files.exists(newest)) {
            deleteUnneeded(CheckpointFolder.of(directory).resolve(INTERRUPTED), newest);
            deleteUnneeded(CheckpointFolder.of(directory).resolve(FINISHED), newest);
        }
    }

    private void deleteUnneeded(Path file, Path newest) {
        try {
            if (!file.equals(newest)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} is not needed any more, but could not be deleted: {}", file.getFileName(), e.toString());
        }
    }

    /** Says after a failure where the run can go on. */
    public void reportFailure() {
        written.stream()
                .filter(Files::exists)
                .findFirst()
                .ifPresent(file -> LOG.error(
                        "The run failed after step {}; its newest checkpoint is {}", position.globalStep(), file));
    }

    @Override
    public void check() {
        writer.check();
    }

    @Override
    public void await() {
        writer.await();
    }

    @Override
    public void close() {
        writer.close();
    }
}
