package io.github.lightning4j.internal.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is locked and says who has locked it. A process opens it once: on Linux closing a second one would unlock it. */
final class LockFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);
    /** Behind the text, which others may read on systems that keep locked bytes from them. */
    private static final long LOCKED_BYTE = 1 << 30;

    private final RandomAccessFile file;
    private LockOwner owner = LockOwner.thisProcess();
    private @Nullable ScheduledFuture<?> heart;
    private volatile boolean lost;

    private LockFile(RandomAccessFile file) {
        this.file = file;
    }

    static LockFile take(Path path, LockPulse pulse) throws IOException {
        LockFile lock = new LockFile(new RandomAccessFile(path.toFile(), "rw"));
        try {
            lock.take(pulse);
            return lock;
        } catch (IOException | RuntimeException | Error e) {
            lock.file.close();
            throw e;
        }
    }

    private void take(LockPulse pulse) throws IOException {
        boolean granted = lockByte();
        LockOwner before = read();
        if (!granted || (before != null && isAlive(before, pulse))) {
            throw new DirectoryHeldException(before == null ? "another process" : before.toString());
        }
        tell();
        if (pulse.isNeeded()) {
            settle(pulse);
            heart = Heart.every(pulse, this::beat);
        }
    }

    /** Whether the operating system grants the lock, or knows no locks here. */
    private boolean lockByte() {
        try {
            FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("This file system has no locks", e);
            return true;
        }
    }

    private boolean isAlive(LockOwner before, LockPulse pulse) throws IOException {
        if (before.isNear(owner)) {
            return before.pid() != owner.pid() && before.isRunning();
        }
        if (!pulse.isNeeded()) {
            return false;
        }
        LOG.info("The lock was left by {}; watching for {} whether that is alive", before, pulse.patience());
        long end = System.nanoTime() + pulse.patience().toNanos();
        while (System.nanoTime() - end < 0) {
            pause(Math.max(1, pulse.interval().toMillis() / 5));
            LockOwner now = read();
            if (now == null) {
                return false;
            }
            if (!now.equals(before)) {
                return true;
            }
        }
        return false;
    }

    /** Of two that wrote at once the later one has it. */
    private void settle(LockPulse pulse) throws IOException {
        pause(pulse.settling().toMillis());
        LockOwner now = read();
        if (now != null && !now.token().equals(owner.token())) {
            throw new DirectoryHeldException(now.toString());
        }
    }

    private static void pause(long millis) throws DirectoryHeldException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DirectoryHeldException("somebody perhaps; the thread was interrupted before that was known");
        }
    }

    private synchronized void beat() {
        try {
            LockOwner now = read();
            if (!lost && now != null && !now.token().equals(owner.token())) {
                lost = true;
                LOG.error("The lock was taken by {}, which held this process for dead", now);
            }
            if (!lost) {
                owner = owner.beaten();
                write(owner);
            }
        } catch (IOException e) {
            LOG.debug("The lock could not be renewed", e);
        }
    }

    boolean isLost() {
        return lost;
    }

    private @Nullable LockOwner read() throws IOException {
        byte[] text = new byte[LockOwner.BYTES];
        file.seek(0);
        int length = file.read(text);
        return length < text.length ? null : LockOwner.parse(text);
    }

    private void write(LockOwner value) throws IOException {
        file.seek(0);
        file.write(value.toBytes());
    }

    /** A full disk leaves the lock of the operating system. */
    private void tell() {
        try {
            write(owner);
        } catch (IOException e) {
            LOG.debug("The lock's owner could not be written", e);
        }
    }

    /** Says that nobody holds it, then lets go. */
    @Override
    public synchronized void close() {
        if (heart != null) {
            heart.cancel(false);
        }
        try (file) {
            if (!lost) {
                file.setLength(0);
            }
        } catch (IOException e) {
            LOG.debug("The lock could not be emptied", e);
        }
    }

    /** The one thread that renews locks, as long as there are any. */
    private static final class Heart {
        private static final ScheduledThreadPoolExecutor BEATING = make();

        private static ScheduledThreadPoolExecutor make() {
            ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "lightning4j-lock");
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            executor.setKeepAliveTime(1, TimeUnit.SECONDS);
            executor.allowCoreThreadTimeOut(true);
            return executor;
        }

        static ScheduledFuture<?> every(LockPulse pulse, Runnable beat) {
            long millis = pulse.interval().toMillis();
            return BEATING.scheduleWithFixedDelay(beat, millis, millis, TimeUnit.MILLISECONDS);
        }
    }
}
