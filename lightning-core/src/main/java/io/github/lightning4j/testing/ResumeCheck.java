package io.github.lightning4j.testing;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.trainer.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The check that a training, interrupted and resumed, ends bit for bit where an undisturbed one ends: weights and buffers,
 * optimizers and schedules, metrics, callbacks, logged rows.
 *
 * <pre>{@code
 * ResumeCheck.assertResumesExactly(LitMnist::new, loaders.train(), loaders.val());
 * }</pre>
 *
 * <p>Two epochs are trained for each place, so the data should be small: a few batches. What the module draws must come
 * from the run's seed, and the batches of an epoch must be the same whenever they are read.
 */
public final class ResumeCheck {
    private final Training training;
    private final List<Place> places;

    private ResumeCheck(Builder builder) {
        training = new Training(builder.module, builder.train, List.copyOf(builder.validation), builder.options);
        places = builder.places == null ? fitting(builder.module) : List.copyOf(builder.places);
    }

    /** All places; a module that optimizes by itself has no accumulation windows. */
    private static List<Place> fitting(Supplier<? extends LightningModule> module) {
        try (LightningModule one = module.get()) {
            return Stream.of(Place.values())
                    .filter(place -> place.window() == 1 || one.automaticOptimization())
                    .toList();
        }
    }

    /**
     * Checks a module with training data alone, at every place.
     *
     * @param module makes a new module, equal each time
     * @param train the training batches
     * @throws AssertionError saying where the run was interrupted, and which tensor or key differs
     * @throws Exception if something failed on the way
     */
    public static void assertResumesExactly(Supplier<? extends LightningModule> module, Iterable<Batch> train)
            throws Exception {
        builder(module, train).build().run();
    }

    /**
     * Checks a module at every place.
     *
     * @param module makes a new module, equal each time
     * @param train the training batches
     * @param validation the validation batches
     * @throws AssertionError saying where the run was interrupted, and which tensor or key differs
     * @throws Exception if something failed on the way
     */
    public static void assertResumesExactly(
            Supplier<? extends LightningModule> module, Iterable<Batch> train, Iterable<Batch> validation)
            throws Exception {
        builder(module, train).validation(validation).build().run();
    }

    /**
     * Starts with what is trained.
     *
     * @param module makes a new module, equal each time
     * @param train the training batches
     * @return the builder
     */
    public static Builder builder(Supplier<? extends LightningModule> module, Iterable<Batch> train) {
        return new Builder(module, train);
    }

    /**
     * Checks every place.
     *
     * @throws AssertionError saying where the run was interrupted, and which tensor or key differs
     * @throws Exception if something failed on the way
     */
    public void run() throws Exception {
        for (Check check : checks().toList()) {
            check.run();
        }
    }

    /**
     * The checks one by one.
     *
     * @return one for each place
     */
    public Stream<Check> checks() {
        return places.stream()
                .map(place ->
                        new Check("ends where an undisturbed run ends, interrupted " + place, () -> check(place)));
    }

    private void check(Place place) throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            training.expectExactResume(place, folder);
        }
    }

    /** What is trained, how, and where it is interrupted. */
    public static final class Builder {
        private final Supplier<? extends LightningModule> module;
        private final Iterable<Batch> train;
        private final List<Iterable<Batch>> validation = new ArrayList<>();
        private Consumer<Trainer.Builder> options = options -> {};
        private @Nullable List<Place> places;

        private Builder(Supplier<? extends LightningModule> module, Iterable<Batch> train) {
            this.module = module;
            this.train = train;
        }

        /**
         * Adds validation batches.
         *
         * @param loader the batches of one loader
         * @return this
         */
        public Builder validation(Iterable<Batch> loader) {
            validation.add(Require.given(loader, "ResumeCheck validation"));
            return this;
        }

        /**
         * Sets options of the Trainer of each run: by default one thread of the CPU, seed 1, two epochs, every step logged.
         * Callbacks and loggers have to be made anew in here.
         *
         * @param more changes the options; several calls add up
         * @return this
         */
        public Builder trainer(Consumer<Trainer.Builder> more) {
            options = options.andThen(Require.given(more, "ResumeCheck trainer"));
            return this;
        }

        /**
         * Chooses where to interrupt.
         *
         * @param chosen the places; by default all, for a module that optimizes by itself all but {@link
         *     Place#INSIDE_WINDOW}, which accumulates gradients
         * @return this
         * @throws ConfigurationException if none is given
         */
        public Builder places(Place... chosen) {
            if (Require.allGiven(chosen, "places").isEmpty()) {
                throw new ConfigurationException("places is empty, but it must be one place or more.");
            }
            places = List.of(chosen);
            return this;
        }

        /**
         * Builds the check.
         *
         * @return the check
         */
        public ResumeCheck build() {
            return new ResumeCheck(this);
        }
    }
}
