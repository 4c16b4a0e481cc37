package io.github.lightning4j;

import ai.djl.training.dataset.Batch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of an experiment in one place: where it comes from, how it is split and batched. The Trainer calls {@link
 * #prepareData}, {@link #setup}, the loaders it needs, and {@link #teardown} always.
 */
public abstract class LightningDataModule implements LoaderHooks, Stateful {
    private final Map<String, Object> hyperparameters;

    /** Creates a data module without hyperparameters. */
    protected LightningDataModule() {
        this(Map.of());
    }

    /**
     * Creates a data module whose hyperparameters are the components of a record.
     *
     * @param config the record, of what {@link LightningModule#LightningModule(Record)} takes
     * @throws ConfigurationException if a component is of another type
     */
    protected LightningDataModule(Record config) {
        this.hyperparameters = Hyperparameters.of(config);
    }

    /**
     * Creates a data module with hyperparameters.
     *
     * @param config name and value, of the same kinds
     * @throws ConfigurationException if a value is of another type
     */
    protected LightningDataModule(Map<String, ?> config) {
        this.hyperparameters = Hyperparameters.of(config);
    }

    /**
     * A data module of loaders that are there already. {@link #builder} takes more of them.
     *
     * @param train the training batches
     * @param vals the validation batches, of no, one or several loaders
     * @return the data module
     */
    @SafeVarargs
    public static LightningDataModule of(Iterable<Batch> train, Iterable<Batch>... vals) {
        return builder().train(train).val(vals).build();
    }

    /**
     * Starts a data module of loaders that are there already.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The hyperparameters given to the constructor: saved with every checkpoint of a fit, and handed to the loggers with those
     * of the module, {@code data/} before their names.
     *
     * @return name and value
     */
    public final Map<String, Object> hyperparameters() {
        return hyperparameters;
    }

    /**
     * A run begins that this is the data of; called once {@link #setup} is over and before the loaders are asked for.
     *
     * @param run the run: its seeds, stage, directory and module
     */
    public void onRunStart(Run run) {}

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

    /** Builds a data module of loaders that are there already. */
    public static final class Builder {
        private @Nullable Iterable<Batch> train;
        private List<Iterable<Batch>> vals = List.of();
        private List<Iterable<Batch>> tests = List.of();
        private List<Iterable<Batch>> predictions = List.of();

        Builder() {}

        /**
         * What to train on.
         *
         * @param loader the training batches
         * @return this
         */
        public Builder train(Iterable<Batch> loader) {
            train = Require.given(loader, "train");
            return this;
        }

        /**
         * What to validate on.
         *
         * @param loaders one or several
         * @return this
         */
        @SafeVarargs
        public final Builder val(Iterable<Batch>... loaders) {
            vals = Require.allGiven(loaders, "val");
            return this;
        }

        /**
         * What to test on.
         *
         * @param loaders one or several
         * @return this
         */
        @SafeVarargs
        public final Builder test(Iterable<Batch>... loaders) {
            tests = Require.allGiven(loaders, "test");
            return this;
        }

        /**
         * What to predict.
         *
         * @param loaders one or several
         * @return this
         */
        @SafeVarargs
        public final Builder predict(Iterable<Batch>... loaders) {
            predictions = Require.allGiven(loaders, "predict");
            return this;
        }

        /**
         * Builds the data module.
         *
         * @return the data module
         */
        public LightningDataModule build() {
            return new Given(this);
        }
    }

    /** Loaders that are there already. */
    private static final class Given extends LightningDataModule {
        private final @Nullable Iterable<Batch> train;
        private final List<Iterable<Batch>> vals;
        private final List<Iterable<Batch>> tests;
        private final List<Iterable<Batch>> predictions;

        Given(Builder builder) {
            this.train = builder.train;
            this.vals = builder.vals;
            this.tests = builder.tests;
            this.predictions = builder.predictions;
        }

        @Override
        public @Nullable Iterable<Batch> trainDataLoader() {
            return train;
        }

        @Override
        public List<Iterable<Batch>> valDataLoaders() {
            return vals;
        }

        @Override
        public List<Iterable<Batch>> testDataLoaders() {
            return tests;
        }

        @Override
        public List<Iterable<Batch>> predictDataLoaders() {
            return predictions;
        }
    }
}
