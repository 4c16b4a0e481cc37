package io.github.lightning4j.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * How a lock shows that its owner lives where the file system's locks cannot be relied on: its file changes every so
 * often. Clocks of different machines are never compared.
 *
 * @param interval the time between two changes; zero where the file system's locks are enough
 * @param patience how long a file stays unchanged whose owner is dead
 * @param settling how long two owners that write at once need to see each other
 */
record LockPulse(Duration interval, Duration patience, Duration settling) {
    static final LockPulse NONE = new LockPulse(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static final LockPulse SHARED =
            new LockPulse(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(500));

    /** Those that no second machine writes to. */
    private static final Set<String> LOCAL = Set.of(
            "apfs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "ntfs", "overlay", "ramfs", "refs", "tmpfs",
            "ufs", "xfs", "zfs");

    static LockPulse of(Path folder) {
        try {
            String type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
            return LOCAL.contains(type) ? NONE : SHARED;
        } catch (IOException e) {
            return SHARED;
        }
    }

    boolean isNeeded() {
        return !interval.isZero();
    }
}
