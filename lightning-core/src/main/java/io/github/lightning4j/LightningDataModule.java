package io.github.lightning4j;

import ai.djl.training.dataset.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of an experiment in one place: where it comes from, how it is split and batched. The Trainer calls {@link
 * #prepareData}, {@link #setup}, the loaders it needs, and {@link #teardown} always.
 */
public abstract class LightningDataModule implements Stateful {
    /** Creates a data module. */
    protected LightningDataModule() {}

    /**
     * Downloads or converts data; no state is set here.
     *
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void prepareData() throws Exception {}

    /**
     * Makes datasets.
     *
     * @param stage what they are for
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void setup(Stage stage) throws Exception {}

    /**
     * Frees what {@link #setup} made; always called, also after an exception.
     *
     * @param stage as given to {@link #setup}
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void teardown(Stage stage) throws Exception {}

    /**
     * The training batches.
     *
     * @return a {@code DataLoader} or any other source of batches, or null if there are none
     */
    public @Nullable Iterable<Batch> trainDataLoader() {
        return null;
    }

    /**
     * The validation batches, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    public @Nullable Iterable<Batch> valDataLoader() {
        return null;
    }

    /**
     * The validation batches of several loaders.
     *
     * @return by default the one of {@link #valDataLoader}
     */
    public List<Iterable<Batch>> valDataLoaders() {
        return listOf(valDataLoader());
    }

    /**
     * The test batches, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    public @Nullable Iterable<Batch> testDataLoader() {
        return null;
    }

    /**
     * The test batches of several loaders.
     *
     * @return by default the one of {@link #testDataLoader}
     */
    public List<Iterable<Batch>> testDataLoaders() {
        return listOf(testDataLoader());
    }

    /**
     * The batches to predict, for the usual case of one loader.
     *
     * @return a source of batches, or null if there are none
     */
    public @Nullable Iterable<Batch> predictDataLoader() {
        return null;
    }

    /**
     * The batches to predict of several loaders.
     *
     * @return by default the one of {@link #predictDataLoader}
     */
    public List<Iterable<Batch>> predictDataLoaders() {
        return listOf(predictDataLoader());
    }

    /**
     * An exception ends the run.
     *
     * @param failure the exception
     */
    public void onException(Throwable failure) {}

    @Override
    public void save(StateWriter state) {}

    @Override
    public void load(StateReader state) {}

    private static List<Iterable<Batch>> listOf(@Nullable Iterable<Batch> loader) {
        return loader == null ? List.of() : List.of(loader);
    }
}
