package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.checkpoint.CallbackStates;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.internal.CheckpointOwner;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.trainer.internal.option.StopLimits;
import io.github.lightning4j.trainer.internal.option.Storage;
import io.github.lightning4j.trainer.internal.run.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint a fit goes on from, if any, and what is known of the run's earlier starts. */
public final class Resumption implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private final @Nullable Checkpoint checkpoint;

    /** None, as for a trial run, which leaves the run of its directory alone. */
    public static Resumption none() {
        return new Resumption(null);
    }

    private Resumption(@Nullable Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        if (checkpoint != null && checkpoint.info().weightsOnly()) {
            Path file = checkpoint.file();
            checkpoint.close();
            throw new CheckpointException(file + " holds weights alone, so no run can go on from it. Load them with"
                    + " Checkpoint.restoreInto(module) and start a new run.");
        }
    }

    /**
     * Opens what the user asked for: a checkpoint, the newest one of the run directory if there is one, or none; the
     * checkpoint or none, to be closed.
     *
     * @param asked the checkpoint asked for, or null
     */
    public static Resumption find(
            Storage storage,
            List<Callback> callbacks,
            List<io.github.lightning4j.Logger> loggers,
            @Nullable CkptPath asked) {
        if (asked != null) {
            return new Resumption(asked.open(RunDirectory.last(storage)));
        }
        Path directory = storage.runDirectory();
        if (!storage.autoResume() || directory == null) {
            return new Resumption(null);
        }
        refuseOtherFolders(callbacks, directory);
        Checkpoint newest = CheckpointFolder.openNewest(directory);
        if (newest == null) {
            RunDirectory.clearUnsaved(directory, loggers);
        }
        return new Resumption(newest);
    }

    /** Checkpoints that are kept elsewhere would not be found, and the run would start anew. */
    private static void refuseOtherFolders(List<Callback> callbacks, Path directory) {
        for (Callback callback : callbacks) {
            if (callback instanceof CheckpointCallback saver
                    && saver.dirpath() != null
                    && !CheckpointFolder.of(directory)
                            .toAbsolutePath()
                            .normalize()
                            .equals(saver.dirpath().toAbsolutePath().normalize())) {
                throw new ConfigurationException("autoResume(true) looks for checkpoints in "
                        + CheckpointFolder.of(directory) + ", but "
                        + ClassName.of(saver) + " saves to " + saver.dirpath()
                        + ". Leave its dirpath out, or resume with CkptPath.of(file).");
            }
        }
    }

    /** Whether there is a checkpoint to go on from; false for a fresh start. */
    public boolean isResuming() {
        return checkpoint != null;
    }

    /**
     * Whether the checkpoint is the end of a run that is over in this directory, so that nothing of it is left to do.
     *
     * @param directory the run directory
     * @param limits the limits of the fit
     * @param callbacks its callbacks, of which the one that ended the run may think otherwise now
     */
    public boolean isFinished(Path directory, StopLimits limits, List<Callback> callbacks) {
        if (checkpoint == null || !Files.exists(directory.resolve(RunDirectory.RESULT))) {
            return false;
        }
        Position position = new Position();
        position.load(checkpoint.state().child("loop"));
        if (position.isInEpoch()) {
            return false;
        }
        long trained = FitCheckpoint.trained(checkpoint.state());
        if (limits.reached(position.epoch(), position.globalStep(), trained) != null) {
            return true;
        }
        return limits.decision(position.stopReason(), position.epoch(), position.globalStep(), trained) != null
                && !CallbackStates.wouldGoOn(callbacks, checkpoint.state());
    }

    /**
     * The directory of the run the checkpoint belongs to, by where it lies; the directory, or null if that cannot be
     * told.
     */
    public @Nullable Path runDirectory() {
        if (checkpoint == null) {
            return null;
        }
        Path folder = checkpoint.file().toAbsolutePath().getParent();
        Path directory = folder == null ? null : folder.getParent();
        return directory != null && CheckpointFolder.of(directory).equals(folder) ? directory : null;
    }

    /** What tells the run from others: as saved, or new. */
    public String runId() {
        if (checkpoint != null) {
            StateTreeReader state = checkpoint.state().child(CheckpointOwner.VOLATILE);
            if (state.has(CheckpointOwner.RUN)) {
                return state.getString(CheckpointOwner.RUN);
            }
        }
        return UUID.randomUUID().toString();
    }

    /**
     * The run's seed: the saved one unless the user gave another.
     *
     * @param given the seed given, or null
     */
    public Seeds seeds(@Nullable Long given) {
        if (checkpoint == null) {
            return given == null ? Seeds.draw() : new Seeds(given);
        }
        long saved = checkpoint.state().getLong("seed");
        if (given != null && given != saved) {
            LOG.warn(
                    "The run was started with seed {} and goes on with seed {}, as asked: it will not end as it would have"
                            + " ended",
                    saved,
                    given);
            return new Seeds(given);
        }
        return new Seeds(saved);
    }

    /** Puts back the data module's state, on which its loaders may depend. */
    public void applyData(FitCheckpoint fit) {
        if (checkpoint != null) {
            putBack(checkpoint, fit::loadData);
        }
    }

    /** Puts back the rest, once the optimizers are made. */
    public void apply(FitCheckpoint fit, Position position) {
        if (checkpoint == null) {
            return;
        }
        StateTreeReader state = checkpoint.state();
        putBack(checkpoint, fit::load);
        state.child(CheckpointOwner.VOLATILE).skip();
        state.requireAllRead();
        LOG.info("resumed from {} in epoch {} at step {}", checkpoint.file(), position.epoch(), position.globalStep());
    }

    /** Values that were saved by nothing that runs now fail wherever they are used; the checkpoint is to blame, or who saved it. */
    private static void putBack(Checkpoint checkpoint, Consumer<StateTreeReader> part) {
        try {
            part.accept(checkpoint.state());
        } catch (CheckpointException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CheckpointException(
                    "The state in " + checkpoint.file() + " could not be restored: " + e
                            + ". Resume from another checkpoint, or mend the load method that it comes from.",
                    e);
        }
    }

    /** The step it is resumed from; 0 for a fresh start. */
    long step() {
        return checkpoint == null ? 0 : checkpoint.globalStep();
    }

    /** What the checkpoint tells of the run's starts, or null for a fresh start. */
    @Nullable
    StateTreeReader starts() {
        return checkpoint == null
                ? null
                : checkpoint.state().child(CheckpointOwner.VOLATILE).child("starts");
    }

    @Override
    public void close() {
        if (checkpoint != null) {
            checkpoint.close();
        }
    }
}
