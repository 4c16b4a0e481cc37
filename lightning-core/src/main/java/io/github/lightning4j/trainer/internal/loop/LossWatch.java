package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.trainer.internal.run.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of the first loss that is not finite. On the CPU every loss is read, at half a microsecond each; on a device that
 * computes by itself only when a row of logged values was read anyway, so that nothing waits for it.
 */
final class LossWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);

    private final Position position;
    private boolean warned;

    LossWatch(Position position) {
        this.position = position;
    }

    /** Looks at the loss of a batch. */
    void batchDone(@Nullable NDArray loss, int index) {
        if (!warned && loss != null && !loss.getDevice().isGpu()) {
            look(loss, index);
        }
    }

    /** Looks at the loss of a batch whose logged values have just been read. */
    void rowRead(@Nullable NDArray loss, int index) {
        if (!warned && loss != null) {
            look(loss, index);
        }
    }

    private void look(NDArray loss, int index) {
        if (loss.size() != 1 || !isFloat(loss.getDataType())) {
            return;
        }
        double value = Tensors.toDouble(loss);
        if (!Double.isFinite(value)) {
            warned = true;
            LOG.warn(
                    "The loss is {} in epoch {}, batch {}, after step {}. From here on weights may be NaN as well: look at"
                            + " the inputs of this batch, lower the learning rate or clip gradients; trainingStep may return"
                            + " null to skip a batch. This is said once a run.",
                    value,
                    position.epoch(),
                    index,
                    position.globalStep());
        }
    }

    private static boolean isFloat(DataType type) {
        return type == DataType.FLOAT32 || type == DataType.FLOAT64;
    }
}
