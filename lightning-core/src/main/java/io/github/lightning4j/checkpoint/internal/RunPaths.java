package io.github.lightning4j.checkpoint.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Names of files in a saved state: relative to the run directory, with '/', so that a run may be moved; absolute for those
 * outside it.
 */
public final class RunPaths {
    private final @Nullable Path runDirectory;

    public RunPaths(@Nullable Path runDirectory) {
        this.runDirectory = runDirectory == null ? null : normal(runDirectory);
    }

    static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    public String name(Path file) {
        Path absolute = normal(file);
        Path path = runDirectory != null && isInside(absolute) ? runDirectory.relativize(absolute) : absolute;
        return path.toString().replace('\\', '/');
    }

    public Path file(String name) {
        return runDirectory == null ? Path.of(name) : runDirectory.resolve(name);
    }

    boolean isInside(Path file) {
        return runDirectory != null && file.startsWith(runDirectory);
    }
}
