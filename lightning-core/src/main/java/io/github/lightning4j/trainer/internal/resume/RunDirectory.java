package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Require;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.trainer.internal.log.RunHistory;
import io.github.lightning4j.trainer.internal.option.Storage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds or makes the directory of a run: {@code root/name/n}, or the one the user names. */
public final class RunDirectory {
    /** The name of the run's record. */
    public static final String RESULT = "result.json";

    private static final List<String> TRACES = List.of("checkpoints", RESULT, Starts.NAME, RunHistory.NAME);

    private RunDirectory() {}

    /** Makes the next free {@code root/name/n}. */
    public static Path next(Path root, String name) {
        Path parent = root.resolve(name);
        try {
            Files.createDirectories(parent);
            long number = nextNumber(parent);
            while (true) {
                try {
                    return Files.createDirectory(parent.resolve(Long.toString(number)));
                } catch (FileAlreadyExistsException e) {
                    number++;
                }
            }
        } catch (IOException e) {
            throw new LightningException(
                    "No run directory could be made in " + parent + ": " + e.getMessage()
                            + ". Choose another with defaultRootDir(...).",
                    e);
        }
    }

    /** The directory that was named, or else the newest {@code root/name/n}; null if there is none. */
    public static @Nullable Path last(Storage storage) {
        Path named = storage.runDirectory();
        Path parent = storage.defaultRootDir().resolve(storage.runName());
        if (named != null || !Files.isDirectory(parent)) {
            return named;
        }
        try {
            long last = nextNumber(parent) - 1;
            return last < 0 ? null : parent.resolve(Long.toString(last));
        } catch (IOException e) {
            throw new LightningException("No run could be looked for in " + parent + ": " + e.getMessage() + ".", e);
        }
    }

    private static long nextNumber(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString())
                            .filter(text -> text.matches("\\d{1,15}"))
                            .mapToLong(Long::parseLong)
                            .max()
                            .orElse(-1)
                    + 1;
        }
    }

    /**
     * Makes the directory the user named; one that holds a run is for resuming it only.
     *
     * @param resuming whether its run is resumed
     */
    public static Path given(Path directory, boolean resuming, List<Logger> loggers) {
        if (!resuming && holdsRun(directory, loggers)) {
            throw new ConfigurationException("The run directory " + directory + " already holds a run. Resume it with"
                    + " CkptPath.last() or autoResume(true), or choose another directory.");
        }
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LightningException("The run directory " + directory + " could not be made: " + e + ".", e);
        }
    }

    private static boolean holdsRun(Path directory, List<Logger> loggers) {
        return Stream.concat(TRACES.stream(), files(loggers)).anyMatch(trace -> Files.exists(directory.resolve(trace)));
    }

    private static Stream<String> files(List<Logger> loggers) {
        return loggers.stream()
                .flatMap(logger ->
                        Require.allGiven(logger.files(), "what files of " + ClassName.of(logger) + " returned")
                                .stream());
    }

    /**
     * Makes room for a fresh start of a run that was killed before it saved anything; what is known of its starts stays.
     *
     * @throws CheckpointException if it did save something, which then must be damaged
     */
    static void clearUnsaved(Path directory, List<Logger> loggers) {
        if (!holdsRun(directory, loggers)) {
            return;
        }
        Path folder = CheckpointFolder.of(directory);
        try {
            requireNothingSaved(directory, folder);
            if (Files.exists(directory.resolve(RESULT))) {
                throw new ConfigurationException(
                        directory + " holds a run that ended without a checkpoint, so it cannot go"
                                + " on. Choose another directory, or move its files away to start afresh.");
            }
            for (String file :
                    Stream.concat(files(loggers), Stream.of(RunHistory.NAME)).toList()) {
                Files.deleteIfExists(directory.resolve(file));
            }
            CheckpointFolder.removeTemporaries(directory);
            CheckpointFolder.removeTemporaries(folder);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new LightningException("The run directory " + directory + " could not be made ready: " + e + ".", e);
        }
    }

    /** Wherever in the directory: a run of another program may have saved elsewhere than this one does. */
    private static void requireNothingSaved(Path directory, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path saved = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElse(null);
            if (saved == null) {
                return;
            }
            throw new CheckpointException(
                    saved.startsWith(folder)
                            ? "Every checkpoint in " + folder + " is damaged or holds weights alone,"
                                    + " so the run cannot go on. Move the folder away to start afresh."
                            : directory + " holds a run that saved to " + saved + ", which autoResume does not look at."
                                    + " Resume it with CkptPath.of(file), or choose another directory.");
        }
    }
}
