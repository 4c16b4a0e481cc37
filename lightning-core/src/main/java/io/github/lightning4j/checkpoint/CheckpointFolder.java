package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder with the checkpoints of a run. */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);

    private CheckpointFolder() {}

    private record Candidate(Path file, long step, FileTime written) {}

    /**
     * Where a run keeps its checkpoints.
     *
     * @param runDirectory the run directory
     * @return its folder {@code checkpoints}
     */
    public static Path of(Path runDirectory) {
        return runDirectory.resolve("checkpoints");
    }

    /**
     * Opens the checkpoint with the most steps from which a run can be resumed; of several with as many the one written
     * last. Damaged ones are named in warnings.
     *
     * @param runDirectory the run directory
     * @return the checkpoint, to be closed, or null if there is none
     * @throws CheckpointException if the folder cannot be read
     */
    public static @Nullable Checkpoint openNewest(Path runDirectory) {
        List<Candidate> candidates = candidates(of(runDirectory));
        candidates.sort(Comparator.comparing(Candidate::step)
                .thenComparing(Candidate::written)
                .reversed());
        for (Candidate candidate : candidates) {
            try {
                return Checkpoint.open(candidate.file);
            } catch (CheckpointException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        return null;
    }

    private static List<Candidate> candidates(Path folder) {
        List<Candidate> candidates = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return candidates;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.safetensors")) {
            for (Path file : files) {
                addTo(candidates, file);
            }
            return candidates;
        } catch (IOException | DirectoryIteratorException e) {
            throw new CheckpointException("Cannot look for checkpoints in " + folder + ": " + e, e);
        }
    }

    /** Reads the header alone; the data of those that are not taken need not be checked. */
    private static void addTo(List<Candidate> candidates, Path file) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.openHeader(file)) {
            if (reader.state() != null) {
                CheckpointInfo info = CheckpointInfo.read(StateTreeReader.of(reader, "", reader.state()));
                if (!info.weightsOnly()) {
                    candidates.add(new Candidate(file, info.globalStep(), Files.getLastModifiedTime(file)));
                }
            }
        } catch (CheckpointException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /**
     * Removes what processes that were killed while they saved have left behind.
     *
     * @param folder the folder, which need not exist
     * @throws CheckpointException if the folder cannot be read or a file not be deleted
     */
    public static void removeTemporaries(Path folder) {
        try {
            AtomicFile.removeStaleTemporaries(folder);
        } catch (IOException e) {
            throw new CheckpointException("Cannot clean up " + folder + ": " + e, e);
        }
    }
}
