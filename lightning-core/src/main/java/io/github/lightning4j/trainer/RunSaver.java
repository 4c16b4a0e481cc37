package io.github.lightning4j.trainer;

import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTree;
import io.github.lightning4j.internal.loop.FitCheckpoint;
import io.github.lightning4j.internal.loop.RunSession;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of one fit. */
final class RunSaver implements RunSession.CheckpointSaver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunSaver.class);
    private static final String INTERRUPTED = "interrupted.safetensors";

    private final FitCheckpoint checkpoint;
    private final CheckpointWriter writer;
    private final Resumption resumption;

    RunSaver(FitCheckpoint checkpoint, CheckpointWriter writer, Resumption resumption) {
        this.checkpoint = checkpoint;
        this.writer = writer;
        this.resumption = resumption;
    }

    @Override
    public void save(RunSession session, Path file, boolean weightsOnly) {
        StateTree state = new StateTree();
        if (weightsOnly) {
            checkpoint.saveWeights(state);
        } else {
            checkpoint.save(state);
        }
        resumption.save(state.child(FitCheckpoint.VOLATILE), session.globalStep());
        writer.write(file, state);
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
        LOG.info("The run was interrupted at step {}; resume it from {}", session.globalStep(), file);
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
