package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Batches;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;

/**
 * Blends each sample of a batch, and its label, with the one before it: {@code lambda * x + (1 - lambda) * rolled(x)}, lambda
 * from Beta(alpha, alpha) and the same for the whole batch (Zhang et al. 2018, arXiv 1710.09412; torchvision's {@code MixUp}).
 * To be called in {@code onAfterBatchTransfer}.
 *
 * @param alpha how strongly, above 0; torchvision's default is 1
 * @param classes the number of classes, at least 2
 */
public record MixUp(double alpha, int classes) {
    /**
     * Checks the settings.
     *
     * @param alpha how strongly, above 0
     * @param classes the number of classes, at least 2
     * @throws ConfigurationException if one is out of its range
     */
    public MixUp {
        Require.finitePositive(alpha, "MixUp alpha");
        Require.atLeast(2, classes, "MixUp classes");
    }

    /**
     * Blends a batch.
     *
     * @param batch one array of floating data of shape (N, ...), one of labels: class indices of shape (N)
     * @return data of the same shape, and labels of shape (N, classes) that are probabilities, as {@code crossEntropy} takes
     *     them
     * @throws DataException if the batch is not so
     */
    public Batch apply(Batch batch) {
        MixedLabels labels = MixedLabels.of("MixUp", batch, classes);
        NDArray x = batch.getData().head();
        double lambda = BetaDraw.symmetric(alpha, BetaDraw.generator(x.getManager()));
        NDArray mixed = x.mul(lambda).add(MixedLabels.rolled(x).mul(1 - lambda));
        return Batches.of(batch, new NDList(mixed), labels.mixed(lambda));
    }
}
