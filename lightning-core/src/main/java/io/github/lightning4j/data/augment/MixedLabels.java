package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.DataException;

/** The labels of a batch whose samples are blended with those before them. */
record MixedLabels(NDArray certain) {
    static MixedLabels of(String what, Batch batch, int classes) {
        NDList labels = batch.getLabels();
        if (batch.getData().size() != 1
                || labels.size() != 1
                || labels.head().getShape().dimension() != 1) {
            throw new DataException(
                    what + " takes a batch of one array of data and one of class indices of shape (N), but got "
                            + batch.getData().size() + " arrays of data and labels of "
                            + labels.stream().map(NDArray::getShape).toList() + ".");
        }
        NDArray x = batch.getData().head();
        if (!x.getDataType().isFloating()) {
            throw new DataException(what + " blends floating numbers, but the data is " + x.getDataType()
                    + ". Convert it with toType first.");
        }
        return new MixedLabels(labels.head().oneHot(classes, x.getDataType()));
    }

    NDList mixed(double share) {
        return new NDList(certain.mul(share).add(rolled(certain).mul(1 - share)));
    }

    /** Each sample replaced by the one before it, the first by the last. */
    static NDArray rolled(NDArray array) {
        long n = array.size(0);
        return n < 2 ? array : array.get((n - 1) + ":").concat(array.get(":" + (n - 1)), 0);
    }
}
