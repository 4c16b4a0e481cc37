package io.github.lightning4j.testing;

import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import java.nio.file.Path;

/** Saves a run at a place, lets it go on to the next save point, and then fails: as if the plug was pulled. */
final class PowerCut extends Probe {
    private final Path saved;
    private final Failure failure = new Failure();

    /** What ends the run. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure() {
            super("This run fails on purpose.");
        }
    }

    PowerCut(Path directory, Place place) {
        super(directory, place);
        saved = directory.resolve("place.safetensors");
    }

    /** Where the run was saved. */
    Path saved() {
        return saved;
    }

    @Override
    void interrupt(Run run) {
        run.saveCheckpoint(saved, false);
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (reached()) {
            throw failure;
        }
        super.onSavePoint(run, point);
    }
}
