package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import java.util.function.Consumer;

/** The batches of a training epoch once more, for what only a forward pass finds out. */
final class Replay {
    private final BatchFeed feed;
    private final Position position;
    private final Phases phases;
    private final Seeds seeds;
    private final Interruption interruption;

    Replay(RunParts parts, BatchFeed feed) {
        this.feed = feed;
        this.position = parts.position();
        this.phases = parts.phases();
        this.seeds = parts.seeds();
        this.interruption = parts.interruption();
    }

    /** Shows every batch; false if it was interrupted on the way. */
    boolean run(Consumer<Batch> action) {
        try (BatchPass pass = feed.open(position.epoch(), 0);
                Phases.Phase training = phases.trainUnrecorded()) {
            for (int index = 0; pass.hasNext(); index++) {
                TorchRandom.seed(seeds.of(Seeds.Purpose.TRAIN_STEP, position.epoch(), index + 1));
                Batch read = pass.next();
                try (MemoryScope scope = MemoryScope.open();
                        BatchTransfer.InHand inHand = feed.transfer().take(read, 0)) {
                    Batch batch = inHand.batch();
                    scope.retainBuffers(batch.getData());
                    action.accept(batch);
                }
            }
            return true;
        } catch (PassInterrupted e) {
            interruption.threadInterrupted();
            return false;
        }
    }
}
