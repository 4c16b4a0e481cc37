package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.LightningException;

/** What predictions are called in files, and how many samples they are of. */
final class PredictionNames {
    private PredictionNames() {}

    static String of(NDArray array, int index) {
        String name = array.getName();
        return name != null && !name.isEmpty() ? name : "output" + (index == 0 ? "" : index);
    }

    /** The rows of an output, which must be as many as those of the outputs before it, unless there is none. */
    static int samples(NDArray array, int before, int batchIndex) {
        int rows = array.getShape().dimension() == 0
                ? -1
                : Math.toIntExact(array.getShape().get(0));
        if (rows < 0 || (before >= 0 && rows != before)) {
            throw new LightningException("An output of batch " + batchIndex + " has the shape " + array.getShape()
                    + ", but its first axis must be the samples, as many in each output. Reshape it in predictStep, or"
                    + " use PredictionWriter.to.");
        }
        return rows;
    }
}
