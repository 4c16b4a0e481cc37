package io.github.lightning4j.trainer.internal.step;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;

/** Runs backward; what torch refuses is said in our words, with the remedy. */
final class Backward {
    private final LightningModule module;
    private final String source;
    private final boolean detectAnomaly;

    /** @param source who made the loss, as a subject followed by a verb: "trainingStep of Net returned" */
    Backward(LightningModule module, String source, boolean detectAnomaly) {
        this.detectAnomaly = detectAnomaly;
        this.module = module;
        this.source = source;
    }

    /** Refuses what is not one number. */
    void check(NDArray loss) {
        if (loss.size() != 1) {
            throw new ConfigurationException(source + " an array of shape " + loss.getShape()
                    + ", but the loss is one number. Reduce it, for instance with mean().");
        }
    }

    /** Adds the gradients of the loss to its leaves, as the module does that. */
    void from(NDArray loss, BackwardGraph graph) {
        if (detectAnomaly) {
            Anomalies.requireFinite("the loss", loss);
        }
        run(loss, graph);
        if (detectAnomaly) {
            Anomalies.requireFiniteGradients(module);
        }
    }

    private void run(NDArray loss, BackwardGraph graph) {
        try {
            module.backward(loss, graph);
        } catch (EngineException e) {
            throw explain(e);
        }
    }

    private RuntimeException explain(EngineException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("does not require grad")) {
            return new ConfigurationException(
                    source
                            + " a loss without a gradient. Compute it from call(...) of a layer that is not frozen;"
                            + " toType, duplicate, toDevice and stopGradient cut the gradient.",
                    failure);
        }
        if (message.contains("modified by an inplace operation")) {
            return new ConfigurationException(
                    source
                            + " a loss whose backward needs a value that was modified by an inplace operation since the loss"
                            + " was computed, mostly a weight that an optimizer has stepped on. Run backward of every loss"
                            + " before the first step, or step first and compute this loss again, with a new call(...)."
                            + " What torch saw: " + firstSentence(message),
                    failure);
        }
        if (message.contains("backward through the graph a second time")) {
            return new ConfigurationException(
                    source
                            + " a loss of which a part has had its backward already, which freed its graph. Add the losses and"
                            + " run backward once, compute the shared part again, or cut it off with stopGradient(); or keep the graph by BackwardGraph.RETAIN.",
                    failure);
        }
        return failure;
    }

    private static String firstSentence(String message) {
        int end = message.indexOf(". ");
        return end < 0 ? message : message.substring(0, end + 1);
    }
}
