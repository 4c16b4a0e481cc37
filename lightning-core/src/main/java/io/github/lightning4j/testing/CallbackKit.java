package io.github.lightning4j.testing;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks what every callback promises: its state survives an interruption, it leaves the training alone, it can be used
 * again and in every kind of run, and it frees what it makes.
 *
 * <pre>{@code
 * return CallbackKit.checks(StopOnTarget::new).map(check -> dynamicTest(check.name(), check::run));
 * }</pre>
 *
 * <p>Unless another module is given, a small classification is trained, which logs {@code train_loss}, {@code val_loss},
 * {@code val_acc} and {@code test_loss}.
 */
public final class CallbackKit {
    private final Supplier<? extends Callback> callback;
    private final boolean changesTheRun;
    private final @Nullable Supplier<? extends Callback> neighbour;
    private final @Nullable Training given;

    private CallbackKit(Builder builder) {
        callback = builder.callback;
        changesTheRun = builder.changesTheRun;
        neighbour = builder.neighbour;
        given = builder.training;
    }

    /**
     * The checks of a callback that leaves the training as it is.
     *
     * @param callback makes a new callback, equal each time
     * @return one by one
     */
    public static Stream<Check> checks(Supplier<? extends Callback> callback) {
        return builder(callback).build().checks();
    }

    /**
     * Starts with the callback.
     *
     * @param callback makes a new callback, equal each time
     * @return the builder
     */
    public static Builder builder(Supplier<? extends Callback> callback) {
        return new Builder(callback);
    }

    /**
     * The checks.
     *
     * @return one by one
     */
    public Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        add(checks, "has one state key", CallbackChecks::hasOneStateKey);
        add(checks, "gets back the state it saved", CallbackChecks::restoresItsState);
        for (Place place : Place.values()) {
            add(checks, "resumes exactly when interrupted " + place, each -> each.resumesExactly(place));
        }
        if (!changesTheRun) {
            add(checks, "leaves the weights as they are without it", CallbackChecks::leavesTheWeightsAlone);
        }
        add(checks, "starts anew after a run that failed", CallbackChecks::startsAnewAfterAFailure);
        add(checks, "works in validate, test and predict", each -> each.worksInEvaluation(!changesTheRun));
        if (neighbour != null) {
            add(checks, "works beside another of its kind", each -> each.worksBeside(neighbour));
        }
        add(checks, "frees native memory", CallbackChecks::freesNativeMemory);
        return checks.stream();
    }

    private interface Action {
        void on(CallbackChecks checks) throws Exception;
    }

    private void add(List<Check> checks, String name, Action action) {
        checks.add(new Check(name, () -> {
            try (Sample sample = new Sample();
                    TemporaryFolder folder = new TemporaryFolder()) {
                Training training = given == null ? sample.training() : given;
                action.on(new CallbackChecks(callback, training, folder));
            }
        }));
    }

    /** The callback, and what it may do. */
    public static final class Builder {
        private final Supplier<? extends Callback> callback;
        private boolean changesTheRun;
        private @Nullable Supplier<? extends Callback> neighbour;
        private @Nullable Training training;

        private Builder(Supplier<? extends Callback> callback) {
            this.callback = callback;
        }

        /**
         * Says that the callback is meant to change the training, as one that freezes layers or averages weights.
         *
         * @return this
         */
        public Builder changesTheRun() {
            changesTheRun = true;
            return this;
        }

        /**
         * Adds the check that another of its kind can be in the same run.
         *
         * @param other makes the other callback, equal each time
         * @return this
         */
        public Builder beside(Supplier<? extends Callback> other) {
            neighbour = Require.given(other, "CallbackKit beside");
            return this;
        }

        /**
         * Trains another module: one with a validation and a test step.
         *
         * @param module makes a new module, equal each time
         * @param train two or more training batches; tested and predicted as well
         * @param validation the validation batches
         * @return this
         */
        public Builder module(
                Supplier<? extends LightningModule> module, Iterable<Batch> train, Iterable<Batch> validation) {
            training = new Training(
                    Require.given(module, "CallbackKit training: the module"),
                    Require.given(train, "CallbackKit training: the batches"),
                    List.of(Require.given(validation, "CallbackKit training: the validation batches")),
                    options -> {});
            return this;
        }

        /**
         * Builds the kit.
         *
         * @return the kit
         */
        public CallbackKit build() {
            return new CallbackKit(this);
        }
    }
}
