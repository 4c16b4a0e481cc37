package io.github.lightning4j.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one process, and in it the one thread, that may work in a directory. It is known in three ways: threads of this
 * process by a table, other processes by a lock of the operating system on {@value #NAME}, and where that lock does not
 * hold, by what the file says of its owner. Whatever ends a process ends its lock; the file stays, empty.
 */
public final class DirectoryLock implements AutoCloseable {
    /** The file that is locked. */
    public static final String NAME = "run.lock";

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
    private static final Map<Path, Thread> HOLDERS = new HashMap<>();
    private static final DirectoryLock WITHIN_ANOTHER = new DirectoryLock(null, null);

    private final @Nullable Path folder;
    private final @Nullable LockFile file;

    private DirectoryLock(@Nullable Path folder, @Nullable LockFile file) {
        this.folder = folder;
        this.file = file;
    }

    /**
     * Takes the lock of a directory that exists. A thread that has it takes it again. Where no file can be made, in a
     * folder that cannot be written to, other processes are not kept out.
     *
     * @throws DirectoryHeldException if somebody else has it
     */
    public static DirectoryLock take(Path directory) throws IOException {
        return take(directory, LockPulse.of(directory));
    }

    static DirectoryLock take(Path directory, LockPulse pulse) throws IOException {
        Path real = directory.toRealPath();
        if (!claim(real)) {
            return WITHIN_ANOTHER;
        }
        try {
            return new DirectoryLock(real, lock(real.resolve(NAME), pulse));
        } catch (IOException | RuntimeException | Error e) {
            release(real);
            throw e;
        }
    }

    private static @Nullable LockFile lock(Path path, LockPulse pulse) throws DirectoryHeldException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            LOG.warn("{} is no regular file: other processes are not kept out of its folder", path);
            return null;
        }
        try {
            return LockFile.take(path, pulse);
        } catch (DirectoryHeldException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so other processes are not kept out of its folder: {}", path, e.toString());
            return null;
        }
    }

    /** Whether the directory is this thread's from now on; false if it was before. */
    private static boolean claim(Path directory) throws DirectoryHeldException {
        synchronized (HOLDERS) {
            Thread holder = HOLDERS.putIfAbsent(directory, Thread.currentThread());
            if (holder == null) {
                return true;
            }
            if (holder == Thread.currentThread()) {
                return false;
            }
            throw new DirectoryHeldException("thread " + holder.getName() + " of this process");
        }
    }

    private static void release(Path directory) {
        synchronized (HOLDERS) {
            HOLDERS.remove(directory);
        }
    }

    /** Whether somebody has taken it for dead and gone on: after a long pause of this process, on a shared file system. */
    public boolean isLost() {
        return file != null && file.isLost();
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            release(folder);
        }
    }
}
