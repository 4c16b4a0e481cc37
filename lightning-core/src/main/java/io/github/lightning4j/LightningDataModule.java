package io.github.lightning4j;

/**
 * The data of an experiment in one place: where it comes from, how it is split and batched. The Trainer calls {@link
 * #prepareData}, {@link #setup}, the loaders it needs, and {@link #teardown} always.
 */
public abstract class LightningDataModule implements LoaderHooks, Stateful {
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
     * An exception ends the run.
     *
     * @param failure the exception
     */
    public void onException(Throwable failure) {}

    @Override
    public void save(StateWriter state) {}

    @Override
    public void load(StateReader state) {}
}
