package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.io.DirectoryHeldException;
import io.github.lightning4j.internal.io.DirectoryLock;
import io.github.lightning4j.trainer.internal.run.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps every other run out of the directories that a run writes to, until it is closed. */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Duration wait;
    private final Interruption interruption;
    private final List<DirectoryLock> held = new ArrayList<>();

    /**
     * Creates a lock of no directory yet.
     *
     * @param wait how long to wait for another run to end
     * @param interruption ends the wait
     */
    public RunLock(Duration wait, Interruption interruption) {
        this.wait = wait;
        this.interruption = interruption;
    }

    /**
     * Locks a directory, which is made if it is missing.
     *
     * @throws ConfigurationException if another run has it, and is not over in time
     */
    public void add(Path directory) {
        Instant end = Instant.now().plus(wait);
        boolean said = false;
        while (true) {
            try {
                held.add(DirectoryLock.take(Files.createDirectories(directory)));
                return;
            } catch (DirectoryHeldException e) {
                if (!Instant.now().isBefore(end)) {
                    throw refuse(directory, e);
                }
                if (!said) {
                    LOG.info("waiting up to {} for {}, in which {} runs", wait, directory, e.getMessage());
                    said = true;
                }
            } catch (IOException e) {
                throw new LightningException("The directory " + directory + " could not be made: " + e + ".", e);
            }
            pause();
        }
    }

    private ConfigurationException refuse(Path directory, DirectoryHeldException e) {
        return new ConfigurationException(
                "Another run is writing to " + directory + ": " + e.getMessage()
                        + ". Let it end or end it, wait for it with waitForRunDirectory(...), or choose another directory.",
                e);
    }

    private void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            interruption.threadInterrupted();
        }
        interruption.throwIfRequested(Stage.TRAIN);
    }

    /** Refuses to write on where another run has taken over. */
    public void requireHeld() {
        for (DirectoryLock lock : held) {
            if (lock.isLost()) {
                throw new LightningException("Another process took this run for dead and goes on with it, after a pause"
                        + " that was too long. Nothing more is written here.");
            }
        }
    }

    @Override
    public void close() {
        held.forEach(DirectoryLock::close);
        held.clear();
    }
}
