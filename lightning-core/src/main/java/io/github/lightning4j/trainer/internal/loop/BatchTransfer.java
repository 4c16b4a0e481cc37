package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.CombinedBatch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.BatchPrecision;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.run.Phases;
import org.jspecify.annotations.Nullable;

/** Brings batches to the run's device, with what the module makes of them before and after. */
final class BatchTransfer {
    private final LightningModule module;
    private final Hooks hooks;
    private final Phases phases;
    private final NDManager manager;
    private @Nullable BatchPrecision precision;

    BatchTransfer(RunParts parts) {
        this.module = parts.module();
        this.hooks = parts.hooks();
        this.phases = parts.phases();
        this.manager = parts.manager();
    }

    /** A batch as the step gets it, and all that has to be freed after it. */
    record InHand(Batch batch, Batch read) implements AutoCloseable {
        @Override
        public void close() {
            NDManager owner = batch.getManager();
            batch.close();
            if (read != batch && read.getManager() != null && read.getManager() != owner) {
                read.close();
            }
        }
    }

    /**
     * Takes over a batch.
     *
     * @param read as the source gave it; closed with the result, or if this fails
     * @param loader the index of its loader
     */
    InHand take(Batch read, int loader) {
        Batch at = read;
        try {
            try (Hooks.Call before = hooks.enter(Hook.ON_BEFORE_BATCH_TRANSFER)) {
                at = given(module.onBeforeBatchTransfer(read, loader), Hook.ON_BEFORE_BATCH_TRANSFER);
            }
            at = onDevice(at);
            try (Hooks.Call after = hooks.enter(Hook.ON_AFTER_BATCH_TRANSFER)) {
                at = given(module.onAfterBatchTransfer(at, loader), Hook.ON_AFTER_BATCH_TRANSFER);
            }
            return new InHand(at, read);
        } catch (RuntimeException | Error e) {
            new InHand(at, read).close();
            throw e;
        }
    }

    private Batch given(@Nullable Batch batch, Hook hook) {
        if (batch == null || batch.getManager() == null) {
            throw new ConfigurationException(hook.label() + " of " + ClassName.of(module) + " returned "
                    + (batch == null ? "null" : "a closed batch")
                    + ". Return the batch it was given, or one made of it.");
        }
        return batch;
    }

    private Batch onDevice(Batch batch) {
        Device device = manager.getDevice();
        NDList data = batch.getData();
        NDList labels = batch.getLabels();
        BatchPrecision wanted = precision();
        if (isOn(device, data) && isOn(device, labels) && wanted.fits(data, labels)) {
            return batch;
        }
        phases.begin(Section.TRANSFER);
        try {
            return CombinedBatch.copyTo(batch, manager, wanted);
        } finally {
            phases.end(Section.TRANSFER);
        }
    }

    /** Found with the first batch, when the module has been initialised. */
    private BatchPrecision precision() {
        BatchPrecision known = precision;
        if (known == null) {
            known = BatchPrecision.of(module);
            precision = known;
        }
        return known;
    }

    private static boolean isOn(Device device, NDList arrays) {
        for (NDArray array : arrays) {
            if (!array.getDevice().equals(device)) {
                return false;
            }
        }
        return true;
    }
}
