package io.github.lightning4j.trainer.internal.hook;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what Java and DJL leave open when a step takes the labels of a batch that has none. */
public final class MissingLabels {
    private static final Pattern EMPTY =
            Pattern.compile("out of bounds for length 0|Expected 1 and was 0|Index: 0, Size: 0");

    private MissingLabels() {}

    /** The failure itself, or one that explains it. */
    public static RuntimeException explain(
            RuntimeException failure, Hook step, LightningModule module, @Nullable Batch batch) {
        if (!(failure instanceof IndexOutOfBoundsException)
                || batch == null
                || !batch.getLabels().isEmpty()
                || !EMPTY.matcher(Objects.toString(failure.getMessage())).find()) {
            return failure;
        }
        return new DataException(
                step.label() + " of " + ClassName.of(module)
                        + " took an array of a list that is empty, and the batch has no labels. Give the dataset labels, as in"
                        + " TensorDataset.of(data, labels), or compute the loss from the data.",
                failure);
    }
}
