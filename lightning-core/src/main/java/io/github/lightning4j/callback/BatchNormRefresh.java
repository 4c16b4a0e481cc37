package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.BatchNorm;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import io.github.lightning4j.internal.torch.BatchNorms;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;

/**
 * Makes the running statistics of every BatchNorm those of the present weights: the mean of the statistics of all training
 * batches, as {@code torch.optim.swa_utils.update_bn} does.
 */
final class BatchNormRefresh {
    private BatchNormRefresh() {}

    /** Whether a module has such layers. */
    static boolean concerns(LightningModule module) {
        return !BatchNorms.in(module).isEmpty();
    }

    /** Refreshes; false if it was interrupted, in which case the statistics are as they were. */
    static boolean run(Run run) {
        List<Layer> layers =
                BatchNorms.in(run.module()).stream().map(Layer::new).toList();
        long[] batches = {0};
        try {
            boolean complete = run.replayEpoch(batch -> {
                layers.forEach(Layer::before);
                run.module().forward(batch.getData());
                batches[0]++;
                layers.forEach(layer -> layer.after(batches[0]));
            });
            layers.forEach(layer -> layer.end(complete));
            return complete;
        } finally {
            layers.forEach(Layer::close);
        }
    }

    /** One layer's statistics: the live ones start from 0 with each batch, so that they show that batch's alone. */
    private static final class Layer implements AutoCloseable {
        private final double share;
        private final TensorList live;
        private final TensorList original;
        private final TensorList mean;

        Layer(BatchNorm layer) {
            List<NDArray> statistics = BatchNorms.statistics(layer);
            share = BatchNorms.shareOfABatch(layer);
            live = TensorList.of(statistics);
            original = live.copy();
            mean = live.copy();
        }

        void before() {
            try (GradMode off = GradMode.off()) {
                live.zeroi();
            }
        }

        void after(long batches) {
            try (GradMode off = GradMode.off()) {
                mean.lerpi(live.muli(1 / share), 1.0 / batches);
            }
        }

        /** A layer that is frozen, or that no forward reaches, keeps what it had. */
        void end(boolean complete) {
            try (GradMode off = GradMode.off()) {
                live.set(complete && share > 0 && mean.norm(1) > 0 ? mean : original);
            }
        }

        @Override
        public void close() {
            live.close();
            original.close();
            mean.close();
        }
    }
}
