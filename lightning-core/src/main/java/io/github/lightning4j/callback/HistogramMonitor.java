package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;

/**
 * Shows how parameters and their gradients are distributed, at the end of an epoch: {@code weights/net.0.weight},
 * {@code gradients/net.0.weight}. Gradients are those of the epoch's last step. For loggers that show histograms.
 */
public final class HistogramMonitor implements Callback {
    private final int everyNEpochs;

    /** Creates a monitor of every epoch. */
    public HistogramMonitor() {
        this(1);
    }

    /**
     * Creates a monitor.
     *
     * @param everyNEpochs how often, from 1
     */
    public HistogramMonitor(int everyNEpochs) {
        this.everyNEpochs = Require.atLeast(1, everyNEpochs, "HistogramMonitor everyNEpochs");
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        if ((run.epoch() + 1) % everyNEpochs != 0) {
            return;
        }
        for (Pair<String, Parameter> pair : run.module().parameters()) {
            show(run, "weights/" + pair.getKey(), pair.getValue().getArray());
        }
        for (Optimizer optimizer : run.optimizers()) {
            for (Pair<String, NDArray> pair : optimizer.gradients().defined()) {
                show(run, "gradients/" + pair.getKey(), pair.getValue());
            }
        }
    }

    private static void show(Run run, String name, NDArray array) {
        run.logItem(name, () -> LogItem.Histogram.of(array));
    }
}
