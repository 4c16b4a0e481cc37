package io.github.lightning4j;

import ai.djl.training.dataset.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the batches of each stage come from. A {@link LightningDataModule} answers for any module; a {@link LightningModule}
 * may answer for itself, and is then fitted by {@code trainer.fit(module)}.
 */
public interface LoaderHooks {
    /**
     * The training batches.
     *
     * @return a {@code DataLoader} or any other source of batches, or null if there are none
     */
    default @Nullable Iterable<Batch> trainDataLoader() {
        return null;
    }

    /**
     * The validation batches, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    default @Nullable Iterable<Batch> valDataLoader() {
        return null;
    }

    /**
     * The validation batches of several loaders.
     *
     * @return by default the one of {@link #valDataLoader}
     */
    default List<Iterable<Batch>> valDataLoaders() {
        return listOf(valDataLoader());
    }

    /**
     * The test batches, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    default @Nullable Iterable<Batch> testDataLoader() {
        return null;
    }

    /**
     * The test batches of several loaders.
     *
     * @return by default the one of {@link #testDataLoader}
     */
    default List<Iterable<Batch>> testDataLoaders() {
        return listOf(testDataLoader());
    }

    /**
     * The batches to predict, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    default @Nullable Iterable<Batch> predictDataLoader() {
        return null;
    }

    /**
     * The batches to predict of several loaders.
     *
     * @return by default the one of {@link #predictDataLoader}
     */
    default List<Iterable<Batch>> predictDataLoaders() {
        return listOf(predictDataLoader());
    }

    private static List<Iterable<Batch>> listOf(@Nullable Iterable<Batch> loader) {
        return loader == null ? List.of() : List.of(loader);
    }
}
