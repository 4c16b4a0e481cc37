package io.github.lightning4j.trainer;

import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.trainer.internal.loop.FitCheckpoint;
import io.github.lightning4j.trainer.internal.loop.RunSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of one fit. */
final class RunSaver implements RunSession.CheckpointSaver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunSaver.class);
    private static final String INTERRUPTED = "interrupted.safetensors";

    private final FitCheckpoint checkpoint;
    private final CheckpointWriter writer;
    private final Starts starts;
    private @Nullable Path newest;
    private @Nullable Path interrupted;

    RunSaver(FitCheckpoint checkpoint, CheckpointWriter writer, Starts starts) {
        this.checkpoint = checkpoint;
        this.writer = writer;
        this.starts = starts;
    }

    @Override
    public void save(RunSession session, Path file, boolean weightsOnly) {
        StateTreeWriter state = new StateTreeWriter();
        if (weightsOnly) {
            checkpoint.saveWeights(state);
        } else {
            checkpoint.save(state);
        }
        saveVolatile(state.child(FitCheckpoint.VOLATILE));
        writer.write(file, state);
        if (!weightsOnly) {
            newest = file;
        }
    }

    /** What may differ between two equal runs. */
    private void saveVolatile(StateTreeWriter state) {
        state.putString("saved_at", Instant.now().toString());
        state.putString("java", System.getProperty("java.version"));
        starts.save(state.child("starts"));
    }

    @Override
    public void saveInterrupted(RunSession session) {
        Path directory = session.directory();
        if (directory == null) {
            LOG.warn(
                    "The run was interrupted at step {} and writes no files, so it cannot be resumed",
                    session.globalStep());
            return;
        }
        Path file = CheckpointFolder.of(directory).resolve(INTERRUPTED);
        save(session, file, false);
        writer.await();
        interrupted = file;
        LOG.info("The run was interrupted at step {}; resume it from {}", session.globalStep(), file);
    }

    @Override
    public void stepped(long globalStep) {
        starts.step(globalStep);
    }

    /** Where the run goes on that was interrupted, or null if it was not, or writes no files. */
    @Nullable
    Path interrupted() {
        return interrupted;
    }

    /** Waits for what is being written. A run that has ended and saved itself needs no checkpoint of an interruption. */
    void finish(@Nullable Path directory) {
        writer.await();
        if (interrupted == null && directory != null && newest != null && Files.exists(newest)) {
            try {
                Files.deleteIfExists(CheckpointFolder.of(directory).resolve(INTERRUPTED));
            } catch (IOException e) {
                LOG.warn("{} is not needed any more, but could not be deleted: {}", INTERRUPTED, e.toString());
            }
        }
    }

    /** Says after a failure where the run can go on. */
    void reportFailure(long globalStep) {
        if (newest != null && Files.exists(newest)) {
            LOG.error("The run failed after step {}; its newest checkpoint is {}", globalStep, newest);
        }
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
