package io.github.lightning4j.progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process in words. */
final class MemoryUse {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private MemoryUse() {}

    /** Such as {@code 812 MB resident, heap 97 MB of 2.0 GB}; the first part where Linux tells. */
    static String text() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return resident() + "heap " + Text.bytes(used) + " of " + Text.bytes(runtime.maxMemory());
    }

    private static String resident() {
        if (!Files.isReadable(STATUS)) {
            return "";
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return Text.bytes(1024 * Long.parseLong(line.replaceAll("\\D", ""))) + " resident, ";
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }
}
