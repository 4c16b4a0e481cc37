package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The folder a {@code ModelCheckpoint} saves to. Its files are known by paths relative to the run directory, with '/', so
 * that a run may be moved; those outside it by absolute ones.
 */
public final class CheckpointStore {
    private final @Nullable Path runDirectory;
    private final Path folder;
    private final List<Deletion> deletions = new ArrayList<>();

    /** A file to be deleted as soon as the one it gave way to is in place. */
    private record Deletion(String path, @Nullable String successor) {}

    public CheckpointStore(@Nullable Path runDirectory, Path folder) {
        this.runDirectory = runDirectory == null ? null : normal(runDirectory);
        this.folder = normal(folder);
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    public Path folder() {
        return folder;
    }

    /** The path that a file name has in a state. */
    public String path(String name) {
        Path file = folder.resolve(name + CheckpointName.EXTENSION);
        boolean inside = runDirectory != null && file.startsWith(runDirectory);
        Path path = inside ? Objects.requireNonNull(runDirectory).relativize(file) : file;
        return path.toString().replace('\\', '/');
    }

    public Path file(String path) {
        return runDirectory == null ? Path.of(path) : runDirectory.resolve(path);
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
        boolean ours = shelf.evicted().contains(path)
                || (runDirectory != null && file(path).startsWith(runDirectory));
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
