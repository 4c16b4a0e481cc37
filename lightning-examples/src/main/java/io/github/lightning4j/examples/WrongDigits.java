package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.plot.ImageGrid;
import java.util.List;

/** The first digits that were taken for others, each with what it was taken for and what it is. */
final class WrongDigits {
    private static final int COLUMNS = 6;
    private static final int MOST = 24;
    private static final int SIDE = 112;

    private final ImageGrid.Builder sheet = ImageGrid.builder(COLUMNS).side(SIDE);
    private int count;

    /** Looks through a batch: images (N, 1, H, W), scores (N, classes) and labels (N). */
    void add(NDArray images, NDArray logits, NDArray labels) {
        long[] predicted = logits.argMax(1).toLongArray();
        long[] actual = labels.toType(DataType.INT64, false).toLongArray();
        for (int i = 0; i < actual.length && count < MOST; i++) {
            if (predicted[i] != actual[i]) {
                List<Digit> digit = Digits.of(images.get(i + ":" + (i + 1)));
                sheet.add(digit.get(0).image(), predicted[i] + ", is " + actual[i]);
                count++;
            }
        }
    }

    ImageGrid sheet() {
        return sheet.build();
    }
}
