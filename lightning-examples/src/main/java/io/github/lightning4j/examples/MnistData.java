package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.augment.SampleTransform;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handwritten digits in batches: shuffled and, where wanted, augmented for training, in order and as they are for the
 * rest. They are loaded once and stay in memory until this is closed.
 */
final class MnistData extends LightningDataModule implements AutoCloseable {
    private final DigitSource source;
    private final int batchSize;
    private final SampleTransform[] augmentations;
    private @Nullable NDManager manager;
    private DigitSource.@Nullable Parts digits;

    MnistData(DigitSource source, int batchSize, SampleTransform... augmentations) {
        this.source = source;
        this.batchSize = batchSize;
        this.augmentations = augmentations;
    }

    @Override
    public void setup(Stage stage) throws IOException {
        if (manager == null) {
            manager = NDManager.newBaseManager();
            digits = source.load(manager);
        }
    }

    @Override
    public DataLoader trainDataLoader() {
        return DataLoader.builder(parts().train())
                .batchSize(batchSize)
                .shuffle(true)
                .augment(augmentations)
                .name("train")
                .build();
    }

    @Override
    public DataLoader valDataLoader() {
        return DataLoader.of(parts().val(), 2 * batchSize);
    }

    @Override
    public DataLoader testDataLoader() {
        return DataLoader.of(parts().test(), 2 * batchSize);
    }

    /** The first test digits as plain Java values. */
    List<Digit> testDigits(int count) {
        return Digits.first(parts().test(), count);
    }

    /** The digits, once they are set up. */
    DigitSource.Parts parts() {
        if (digits == null) {
            throw new IllegalStateException("setup comes first");
        }
        return digits;
    }

    @Override
    public void close() {
        if (manager != null) {
            manager.close();
        }
    }
}
