package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder a {@code ModelCheckpoint} saves to. Its files are known by the names that {@link RunPaths} gives them. */
public final class CheckpointStore {
    private final RunPaths paths;
    private final Path folder;
    private final List<Deletion> deletions = new ArrayList<>();

    /** A file to be deleted as soon as the one it gave way to is in place. */
    private record Deletion(String path, @Nullable String successor) {}

    public CheckpointStore(@Nullable Path runDirectory, Path folder) {
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
     * A path that overwrites nothing that is kept. A file of that name that nobody keeps is overwritten if it lies in the
     * run directory: it is from a part of this run that was interrupted and is being repeated.
     */
    public String freeName(String name, CheckpointShelf shelf, List<CheckpointShelf> others) {
        String path = path(name);
        for (int version = 1; isTaken(path, shelf, others); version++) {
            path = path(name + "-v" + version);
        }
        return path;
    }

    private boolean isTaken(String path, CheckpointShelf shelf, List<CheckpointShelf> others) {
        if (shelf.holds(path) || others.stream().anyMatch(other -> other.holds(path))) {
            return true;
        }
        boolean ours = shelf.evicted().contains(path) || paths.isInside(file(path));
        return !ours && Files.exists(file(path));
    }

    public void deleteLater(List<String> paths, @Nullable String successor) {
        paths.forEach(path -> deletions.add(new Deletion(path, successor)));
    }

    /** Deletes what has given way to a file that is in place by now. Files outside the folder are left alone. */
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
            if (folder.equals(file.getParent())) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot delete the checkpoint " + file + ", which newer ones have displaced: " + e.getMessage(), e);
        }
    }
}
