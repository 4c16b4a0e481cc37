package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Logs what a fit takes of the machine, to the loggers alone:
 *
 * <ul>
 *   <li>{@code device/process_cpu} and {@code device/system_cpu}: load of the process and the machine, 0 to 1
 *   <li>{@code device/resident_mb}: memory of the process that is in RAM (Linux)
 *   <li>{@code device/heap_mb}: Java's heap in use
 *   <li>{@code device/native_mb}: what malloc has handed out: tensors on the CPU and libtorch's own (glibc)
 *   <li>{@code device/gpu_mb}: memory of the GPU in use, by all processes
 * </ul>
 *
 * <p>Megabytes are 2^20 bytes. What a system does not tell is left out.
 */
public final class DeviceStatsMonitor implements Callback {
    private final int everyNBatches;
    private long batches;

    /** Creates a monitor that logs after every 50 training batches. */
    public DeviceStatsMonitor() {
        this(50);
    }

    /**
     * Creates a monitor.
     *
     * @param everyNBatches the training batches from one row to the next, at least 1
     * @throws ConfigurationException if it is below 1
     */
    public DeviceStatsMonitor(int everyNBatches) {
        this.everyNBatches = Require.atLeast(1, everyNBatches, "DeviceStatsMonitor everyNBatches");
    }

    @Override
    public void setup(Run run, Stage stage) {
        batches = 0;
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        if (++batches % everyNBatches == 0) {
            run.logTimes(DeviceStats.now(device(batch)));
        }
    }

    private static Device device(Batch batch) {
        return batch.getData().isEmpty() ? Device.cpu() : batch.getData().head().getDevice();
    }
}
