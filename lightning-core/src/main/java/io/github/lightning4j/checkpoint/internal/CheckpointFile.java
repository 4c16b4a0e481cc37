package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** An atomic write whose failure is a {@link CheckpointException}. */
public final class CheckpointFile {
    private CheckpointFile() {}

    public static void write(Path file, AtomicFile.Content content) {
        write(file, content, AtomicFile.Opener.NORMAL);
    }

    public static void write(Path file, AtomicFile.Content content, AtomicFile.Opener opener) {
        try {
            AtomicFile.write(file, content, opener);
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot write " + file + ": " + AtomicFile.reason(e) + ". What was there before is untouched.", e);
        }
    }
}
