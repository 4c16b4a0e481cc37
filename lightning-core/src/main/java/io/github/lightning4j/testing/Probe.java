package io.github.lightning4j.testing;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Goes along with a run: saves its state at the end of each epoch, to be compared, and interrupts it at one place. The run
 * is saved there once all callbacks are done with the save point.
 */
class Probe implements Callback {
    private final Path directory;
    private final @Nullable Place place;
    private boolean reached;

    Probe(Path directory, @Nullable Place place) {
        this.directory = directory;
        this.place = place;
    }

    /** Where the state at the end lies. */
    static Path endOf(Path directory) {
        return directory.resolve("end.safetensors");
    }

    /** The run is where it is to be interrupted. */
    void interrupt(Run run) {
        run.interrupt("the check interrupts this run, to resume it");
    }

    boolean reached() {
        return reached;
    }

    @Override
    public final String stateKey() {
        return "lightning4j-testing";
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (point == SavePoint.EPOCH) {
            run.saveCheckpoint(endOf(directory), false);
        }
        if (place != null && place.isReached(run, point)) {
            reached = true;
            interrupt(run);
        }
    }
}
