package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder a {@code ModelCheckpoint} saves to. Its files are known by the names that {@link RunPaths} gives them. In the
 * run directory every file is one of this run; elsewhere it is one if it says so.
 */
public final class CheckpointStore {
    private final RunPaths paths;
    private final Path folder;
    private final String run;
    private final List<Deletion> deletions = new ArrayList<>();

    /** A file to be deleted as soon as the one it gave way to is in place. */
    private record Deletion(String path, @Nullable String successor) {}

    public CheckpointStore(@Nullable Path runDirectory, Path folder, String run) {
        this.run = run;
        this.paths = new RunPaths(runDirectory);
        this.folder = RunPaths.normal(folder);
    }

    public Path folder() {
        return folder;
    }

    /** The path that a file name has in a state. */
    public String path(String name) {
        return paths.name(folder.resolve(name + CheckpointName.EXTENSION));
    }

    public Path file(String path) {
        return paths.file(path);
    }

    /**
     * A path that overwrites nothing that is kept, here or by another run. A file of this run that it does not know is
     * overwritten if it is not of an earlier step: it is from a part that was interrupted and is being repeated.
     */
    public String freeName(String name, long step, CheckpointShelf shelf, List<CheckpointShelf> others) {
        String path = path(name);
        for (int version = 1; isTaken(path, step, shelf, others); version++) {
            path = path(name + "-v" + version);
        }
        return path;
    }

    private boolean isTaken(String path, long step, CheckpointShelf shelf, List<CheckpointShelf> others) {
        if (shelf.holds(path) || others.stream().anyMatch(other -> other.holds(path))) {
            return true;
        }
        Path file = file(path);
        if (!Files.exists(file)) {
            return false;
        }
        CheckpointOwner owner = CheckpointOwner.of(file);
        if (!isOwn(file, owner)) {
            return true;
        }
        return owner != null && owner.step() < step && !shelf.evicted().contains(path);
    }

    private boolean isOwn(Path file, @Nullable CheckpointOwner owner) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        return paths.isInside(file) || (owner != null && owner.run().equals(run));
    }

    /** Whether writing there would cost another run, or somebody else, a file. */
    public boolean isOfOthers(String path) {
        Path file = file(path);
        return Files.exists(file) && !isOwn(file, CheckpointOwner.of(file));
    }

    /** Whether a path, which a state of this run knows, lies in this folder and has not become another run's. */
    public boolean isStillOwn(String path) {
        Path file = file(path);
        return folder.equals(RunPaths.normal(file).getParent()) && !hasOtherOwner(file);
    }

    /** Files of earlier versions do not tell. */
    private boolean hasOtherOwner(Path file) {
        if (paths.isInside(file) || !Files.exists(file)) {
            return false;
        }
        CheckpointOwner owner = CheckpointOwner.of(file);
        return owner == null || !(owner.run().isEmpty() || owner.run().equals(run));
    }

    public void deleteLater(List<String> paths, @Nullable String successor) {
        paths.forEach(path -> deletions.add(new Deletion(path, successor)));
    }

    /**
     * Deletes what has given way to a file that is in place by now. Files outside the folder, and those of other runs, are
     * left alone.
     */
    public void deleteWhatGaveWay() {
        if (!deletions.isEmpty()) {
            deletions.removeIf(this::delete);
        }
    }

    private boolean delete(Deletion deletion) {
        if (deletion.successor != null && !Files.exists(file(deletion.successor))) {
            return false;
        }
        Path file = file(deletion.path);
        try {
            if (isStillOwn(deletion.path)) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot delete the checkpoint " + file + ", which newer ones have displaced: " + e.getMessage(), e);
        }
    }
}
