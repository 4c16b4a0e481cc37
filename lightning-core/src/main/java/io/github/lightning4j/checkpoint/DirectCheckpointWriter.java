package io.github.lightning4j.checkpoint;

import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.checkpoint.internal.SafetensorsWriter;
import io.github.lightning4j.internal.io.AtomicFile;
import java.nio.file.Path;

/** Writes on the caller's thread, straight from the live tensors. */
final class DirectCheckpointWriter implements CheckpointWriter {
    private final AtomicFile.Opener opener;

    DirectCheckpointWriter(AtomicFile.Opener opener) {
        this.opener = opener;
    }

    @Override
    public void write(Path file, StateTreeWriter state) {
        state.requireRoot();
        CheckpointFile.write(file, new SafetensorsWriter(state.values(), state.tensors())::writeTo, opener);
    }

    @Override
    public void check() {}

    @Override
    public void await() {}

    @Override
    public void close() {}
}
