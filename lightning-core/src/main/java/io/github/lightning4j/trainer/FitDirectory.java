package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.trainer.internal.option.Storage;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.resume.Resumption;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import io.github.lightning4j.trainer.internal.resume.RunLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a fit writes. Each place is locked before anything in it is read or changed. */
final class FitDirectory {
    private final Storage storage;
    private final List<Logger> loggers;
    private final RunLock lock;
    private final boolean writes;

    FitDirectory(TrainerOptions options, List<Logger> loggers, RunLock lock) {
        this.storage = options.storage();
        this.loggers = loggers;
        this.lock = lock;
        this.writes = !options.fastDevRun()
                && (storage.enableCheckpointing() || !loggers.isEmpty() || storage.runDirectory() != null);
    }

    /**
     * Locks the directory the user named, unless it is not there and the checkpoint to go on from is elsewhere.
     *
     * @param asked the checkpoint asked for, or null
     */
    void lockNamed(@Nullable CkptPath asked) {
        Path named = storage.runDirectory();
        if (writes && named != null && (asked == null || Files.exists(named))) {
            lock.add(named);
        }
    }

    /** Finds or makes the run directory; null for a fit that writes nothing. */
    @Nullable
    Path choose(Resumption resumption) {
        if (!writes) {
            return null;
        }
        Path named = storage.runDirectory();
        if (named != null) {
            lock.add(named);
            return RunDirectory.given(named, storage.autoResume() || resumption.isResuming(), loggers);
        }
        Path resumed = resumption.runDirectory();
        Path directory = resumed != null ? resumed : RunDirectory.next(storage.defaultRootDir(), storage.runName());
        lock.add(directory);
        return directory;
    }

    /** Locks the other folders that checkpoints are saved to. */
    void lockCheckpoints(List<Callback> callbacks, @Nullable Path directory) {
        for (Callback callback : callbacks) {
            Path folder = callback instanceof CheckpointCallback saver ? saver.dirpath() : null;
            if (folder != null && (directory == null || !normal(folder).startsWith(normal(directory)))) {
                lock.add(folder);
            }
        }
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
