package io.github.lightning4j.internal.io;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are there completely or not at all: written under a temporary name in the same folder, forced to the disk,
 * then renamed; the folder is forced to the disk too. While a temporary file is written it is locked, so that one left
 * behind by a killed process is told from one in use.
 */
public final class AtomicFile {
    /** How the names of temporary files end. */
    public static final String TEMPORARY = ".lightning4j-tmp";

    private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private AtomicFile() {}

    /** Opens the temporary file; tests put a failing disk here. */
    public interface Opener {
        /** An ordinary file. */
        Opener NORMAL = file -> FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

        FileChannel open(Path file) throws IOException;
    }

    /** Writes the content; called again, into an empty file, where an interrupt has cut the first call short. */
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Writes a text in UTF-8, as {@link #write(Path, Content, Opener)} does. */
    public static void write(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(file, channel -> Channels.newOutputStream(channel).write(bytes));
    }

    /** Writes to an ordinary file, as {@link #write(Path, Content, Opener)} does. */
    public static void write(Path file, Content content) throws IOException {
        write(file, content, Opener.NORMAL);
    }

    /**
     * Writes a file, replacing one of that name at the last moment. An interrupt does not harm it: it is passed on after
     * the file is in place.
     *
     * @throws IOException if it fails; as after any other exception of the content, the previous file is then untouched and
     *     the temporary one removed
     */
    public static void write(Path file, Content content, Opener opener) throws IOException {
        boolean interrupted = false;
        try {
            for (boolean done = false; !done; ) {
                try {
                    attempt(file.toAbsolutePath(), content, opener);
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void attempt(Path file, Content content, Opener opener) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent(), "a file has a folder");
        Files.createDirectories(folder);
        removeStaleTemporaries(folder);
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path temporary = folder.resolve("." + file.getFileName() + "." + random + TEMPORARY);
        IN_USE.add(temporary);
        try (FileChannel channel = opener.open(temporary)) {
            lock(channel);
            content.writeTo(channel);
            channel.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        } finally {
            IN_USE.remove(temporary);
        }
        forceFolder(folder);
    }

    /**
     * Removes what killed processes have left behind in a folder. Files that are being written, here or by another
     * process, stay.
     */
    public static void removeStaleTemporaries(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        try (DirectoryStream<Path> temporaries = Files.newDirectoryStream(absolute, ".*" + TEMPORARY)) {
            for (Path temporary : temporaries) {
                if (!IN_USE.contains(temporary) && Files.isRegularFile(temporary) && isUnlocked(temporary)) {
                    LOG.info("Removing {}, left behind by a run that was killed while it saved", temporary);
                    Files.deleteIfExists(temporary);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            LOG.trace("{} does not exist yet", absolute);
        }
    }

    private static boolean isUnlocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException e) {
            LOG.debug("Leaving {} alone", file, e);
            return false;
        }
    }

    private static void lock(FileChannel channel) {
        try {
            if (channel.tryLock() == null) {
                LOG.debug("A fresh temporary file is locked by another process");
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("This file system has no locks", e);
        }
    }

    /** Windows has no such operation, and does not need it. */
    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            LOG.trace("This platform cannot force a folder to the disk", e);
        }
    }

    /** What went wrong, in words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        boolean named = e instanceof FileSystemException detail && detail.getReason() != null;
        return named ? String.valueOf(((FileSystemException) e).getReason()) : String.valueOf(e.getMessage());
    }
}
