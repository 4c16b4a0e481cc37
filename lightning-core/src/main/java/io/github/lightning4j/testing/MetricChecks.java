package io.github.lightning4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What {@link MetricKit} finds out about a metric. */
record MetricChecks<M extends Metric>(Supplier<M> metric, MetricKit.Feeder<M> feeder) {
    /** Sums in another order differ in their last bits. */
    private static final double ROUNDING = 1e-6;

    MetricChecks {
        TorchRuntime.load();
    }

    void weighsSamples() {
        MetricValue whole = valueOf(0, MetricKit.SAMPLES);
        close("The value over batches of 4, 4 and 4", whole, valueOf(0, 4, 8, MetricKit.SAMPLES));
        close("The value over batches of 5, 5 and 2", whole, valueOf(0, 5, 10, MetricKit.SAMPLES));
        close("The value over batches of 1, 10 and 1", whole, valueOf(0, 1, 11, MetricKit.SAMPLES));
    }

    private static void close(String what, MetricValue expected, MetricValue actual) {
        List<Double> wanted = expected.numbers();
        List<Double> found = actual.numbers();
        Expect.equal("The size of: " + what, wanted.size(), found.size());
        for (int i = 0; i < wanted.size(); i++) {
            Expect.close(what, wanted.get(i), found.get(i), ROUNDING);
        }
    }

    /** A single number is named as such. */
    private static void equal(String what, MetricValue expected, MetricValue actual) {
        if (expected instanceof MetricValue.Scalar && actual instanceof MetricValue.Scalar) {
            Expect.equal(what, expected.number(), actual.number());
        } else {
            Expect.equal(what, expected, actual);
        }
    }

    void computesTwice() {
        try (M some = fed(0, 5)) {
            equal("The value computed again", some.value(), some.value());
            feed(some, 5, MetricKit.SAMPLES);
            equal("The value computed in between and at the end", valueOf(0, 5, MetricKit.SAMPLES), some.value());
        }
    }

    void isDefinedWhenEmpty() {
        try (M empty = metric.get()) {
            for (double number : empty.value().numbers()) {
                Expect.equal("The value without samples", Double.NaN, number);
            }
        } catch (LightningException | IllegalStateException refused) {
            Expect.that(refused.getMessage() != null, "It refuses to compute without samples, but does not say why.");
        }
    }

    void forgets() {
        try (M used = fed(0, 7)) {
            used.reset();
            Expect.equalContents("The state after reset", stateOfNew(), StateContents.of(used));
            feed(used, 5, MetricKit.SAMPLES);
            equal("The value after reset and new samples", valueOf(5, MetricKit.SAMPLES), used.value());
        }
    }

    private SortedMap<String, Object> stateOfNew() {
        try (M fresh = metric.get()) {
            return StateContents.of(fresh);
        }
    }

    void resumes() {
        try (M saved = fed(0, 5);
                M loaded = metric.get();
                M overwritten = fed(3, 10)) {
            States.copy(saved, loaded);
            States.copy(saved, overwritten);
            Expect.equalContents(
                    "The state that was saved and loaded", StateContents.of(saved), StateContents.of(loaded));
            for (M each : List.of(saved, loaded, overwritten)) {
                feed(each, 5, MetricKit.SAMPLES);
            }
            equal("The value of one that was loaded", saved.value(), loaded.value());
            equal("The value of one that was overwritten", saved.value(), overwritten.value());
        }
    }

    void outlivesSteps() {
        try (M inSteps = metric.get()) {
            for (int from = 0; from < MetricKit.SAMPLES; from += 4) {
                try (MemoryScope scope = MemoryScope.open()) {
                    scope.suppressNotUsedWarning();
                    feed(inSteps, from, from + 4);
                }
            }
            equal("The value over steps", valueOf(0, 4, 8, MetricKit.SAMPLES), inSteps.value());
        } catch (IllegalStateException released) {
            throw new AssertionError("What was made in a step was gone after it: " + released.getMessage(), released);
        }
    }

    void freesNativeMemory() throws Exception {
        Leaks.expectNone(() -> {
            try (M used = fed(0, 4, 9)) {
                used.value();
                used.reset();
                feed(used, 9, MetricKit.SAMPLES);
                States.copy(used, used);
            }
        });
    }

    private MetricValue valueOf(int... bounds) {
        try (M used = fed(bounds)) {
            return used.value();
        }
    }

    private M fed(int... bounds) {
        M used = metric.get();
        feed(used, bounds);
        return used;
    }

    /** Feeds the samples between these bounds, a batch each. */
    private void feed(M used, int... bounds) {
        for (int i = 1; i < bounds.length; i++) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
                feeder.feed(used, manager, bounds[i - 1], bounds[i]);
            }
        }
    }
}
