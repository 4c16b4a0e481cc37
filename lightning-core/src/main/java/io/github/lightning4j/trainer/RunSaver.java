package io.github.lightning4j.trainer;

import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTree;
import io.github.lightning4j.internal.loop.FitCheckpoint;
import io.github.lightning4j.internal.loop.RunSession;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Writes the checkpoints of one fit. */
final class RunSaver implements RunSession.CheckpointSaver, AutoCloseable {
    private final FitCheckpoint checkpoint;
    private final CheckpointWriter writer;
    private final RunRecord record;

    RunSaver(FitCheckpoint checkpoint, CheckpointWriter writer, RunRecord record) {
        this.checkpoint = checkpoint;
        this.writer = writer;
        this.record = record;
    }

    @Override
    public void save(RunSession session, Path file, boolean weightsOnly) {
        StateTree state = new StateTree();
        if (weightsOnly) {
            checkpoint.saveWeights(state);
        } else {
            checkpoint.save(state);
        }
        StateWriter varying = state.child("volatile");
        varying.putString("saved_at", Instant.now().toString());
        varying.putString("java", System.getProperty("java.version"));
        varying.putLongs(
                "resumed_from_steps",
                record.resumedFromSteps().stream().mapToLong(Long::longValue).toArray());
        varying.putLong("steps_executed", record.stepsExecuted(session.globalStep()));
        writer.write(file, state);
    }

    /** Throws the failure of a save that went on in the background. */
    void check() {
        writer.check();
    }

    @Override
    public void close() {
        writer.close();
    }

    /**
     * What is known of the starts of a run.
     *
     * @param resumedFromSteps the global step of every resumption, this one's included
     * @param executedBefore optimizer steps executed by earlier starts, as far as their checkpoints tell
     * @param firstStep the global step this start began at
     */
    record RunRecord(List<Long> resumedFromSteps, long executedBefore, long firstStep) {
        long stepsExecuted(long globalStep) {
            return executedBefore + globalStep - firstStep;
        }
    }
}
