package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import io.github.lightning4j.internal.torch.MallocInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Figures of the process and its devices at one moment; what a system does not tell is left out. */
final class DeviceStats {
    private static final double MEGABYTE = 1 << 20;
    private static final Path STATUS = Path.of("/proc/self/status");

    private DeviceStats() {}

    static Map<String, Double> now(Device device) {
        Map<String, Double> stats = new LinkedHashMap<>();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            put(stats, "device/process_cpu", system.getProcessCpuLoad());
            put(stats, "device/system_cpu", system.getCpuLoad());
        }
        put(stats, "device/resident_mb", residentKilobytes() / 1024);
        put(
                stats,
                "device/heap_mb",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE);
        put(stats, "device/native_mb", MallocInfo.allocated() / MEGABYTE);
        if (device.isGpu()) {
            put(stats, "device/gpu_mb", CudaUtils.getGpuMemory(device).getUsed() / MEGABYTE);
        }
        return stats;
    }

    /** Beans say -1 for what they do not know. */
    private static void put(Map<String, Double> stats, String name, double value) {
        if (value >= 0) {
            stats.put(name, value);
        }
    }

    private static double residentKilobytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
