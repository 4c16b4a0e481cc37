package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Stage;
import io.github.lightning4j.trainer.internal.option.BatchLimits;

/** A source as a run uses it: limited, on the run's device, in the run's order. */
final class BatchFeed {
    private final RunParts parts;
    private final BatchSource source;
    private final BatchLimits limits;
    private final long limit;
    private final BatchTransfer transfer;

    /** Creates the feed. */
    BatchFeed(RunParts parts, BatchSource source, Stage stage, BatchLimits limits) {
        this.parts = parts;
        this.source = source;
        this.transfer = new BatchTransfer(parts);
        this.limits = limits;
        this.limit = limits.apply(stage, source);
    }

    /** The batches of a pass. */
    long limit() {
        return limit;
    }

    BatchTransfer transfer() {
        return transfer;
    }

    BatchPass open(long epoch, long skip) {
        return new BatchPass(
                source, parts.phases(), parts.manager(), parts.seeds(), limits.orderOf(epoch), limit, skip);
    }
}
