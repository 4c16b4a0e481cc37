package io.github.lightning4j.internal.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock, as its file says.
 *
 * @param host the name of the machine
 * @param processes which processes the pid is a number among: that of its namespace where there are several
 * @param pid the process
 * @param startedAt when it was started, in milliseconds since 1970, or 0 if that cannot be told
 * @param token what no other owner has
 * @param beat a number that changes as long as the owner lives
 */
record LockOwner(String host, String processes, long pid, long startedAt, String token, long beat) {
    /** Every text is as long, so that a new one covers the one before. */
    static final int BYTES = 1024;

    /** What two readings of the start of one process may differ by. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    static LockOwner thisProcess() {
        return new LockOwner(
                hostName(),
                namespace(),
                ProcessHandle.current().pid(),
                startOf(ProcessHandle.current()),
                UUID.randomUUID().toString(),
                0);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    LockOwner beaten() {
        return new LockOwner(host, processes, pid, startedAt, token, beat + 1);
    }

    /** Whether its process is one among ours, so that it can be asked for. */
    boolean isNear(LockOwner other) {
        return host.equals(other.host) && processes.equals(other.processes);
    }

    /** Whether a process that {@link #isNear} is running; another one that got its number later is not it. */
    boolean isRunning() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty() || !process.get().isAlive()) {
            return false;
        }
        long start = startOf(process.get());
        return start == 0 || startedAt == 0 || Math.abs(start - startedAt) <= TOLERANCE.toMillis();
    }

    byte[] toBytes() {
        Map<String, Object> object = new TreeMap<>();
        object.put("host", host);
        object.put("processes", processes);
        object.put("pid", pid);
        object.put("started_at", startedAt);
        object.put("token", token);
        object.put("beat", beat);
        byte[] padded = new byte[BYTES];
        Arrays.fill(padded, (byte) ' ');
        byte[] text = Json.write(object).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, padded, 0, Math.min(text.length, BYTES - 1));
        padded[BYTES - 1] = '\n';
        return padded;
    }

    /** The owner that a text tells of; null if it tells of none. */
    static @Nullable LockOwner parse(byte[] text) {
        try {
            Map<String, Object> object = Json.parse(new String(text, StandardCharsets.UTF_8));
            return new LockOwner(
                    String.valueOf(object.get("host")),
                    String.valueOf(object.get("processes")),
                    number(object.get("pid")),
                    number(object.get("started_at")),
                    String.valueOf(object.get("token")),
                    number(object.get("beat")));
        } catch (IOException e) {
            return null;
        }
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host
                + (startedAt == 0 ? "" : ", started at " + Instant.ofEpochMilli(startedAt));
    }
}
