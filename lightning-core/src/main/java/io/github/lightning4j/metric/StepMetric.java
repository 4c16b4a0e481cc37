package io.github.lightning4j.metric;

import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Any metric twice: over everything since the last reset, and over one step alone, for {@link
 * io.github.lightning4j.StepValue#ALONE}. Each update is made twice, as by torchmetrics' {@code forward}.
 *
 * <pre>{@code
 * StepMetric<Accuracy> accuracy = metric("acc", StepMetric.of(() -> new Accuracy(10)));
 * accuracy.update(each -> each.update(logits, labels));
 * }</pre>
 *
 * @param <M> the metric
 */
public final class StepMetric<M extends Metric> implements Metric {
    private final M all;
    private final M step;
    private boolean stepEnded;

    private StepMetric(M all, M step) {
        this.all = all;
        this.step = step;
    }

    /**
     * Creates one.
     *
     * @param maker makes a new metric at each call
     * @param <M> the metric
     * @return a metric without samples
     */
    public static <M extends Metric> StepMetric<M> of(Supplier<M> maker) {
        return new StepMetric<>(maker.get(), maker.get());
    }

    /**
     * Adds to both.
     *
     * @param update adds to one of them
     */
    public void update(Consumer<? super M> update) {
        update.accept(all);
        if (stepEnded) {
            step.reset();
            stepEnded = false;
        }
        update.accept(step);
    }

    /** The updates of a step are made: the next one belongs to another step. The loop calls it when the metric is logged. */
    public void endStep() {
        stepEnded = true;
    }

    /**
     * The value over the step that is being updated or was last.
     *
     * @return the value
     */
    public MetricValue stepValue() {
        return step.value();
    }

    @Override
    public double compute() {
        return all.compute();
    }

    @Override
    public MetricValue value() {
        return all.value();
    }

    @Override
    public void reset() {
        all.reset();
        step.reset();
        stepEnded = false;
    }

    @Override
    public Metric sinceReset() {
        return all.sinceReset();
    }

    @Override
    public void save(StateWriter state) {
        all.save(state.child("all"));
        step.save(state.child("step"));
        state.putBoolean("step_ended", stepEnded);
    }

    @Override
    public void load(StateReader state) {
        all.load(state.child("all"));
        step.load(state.child("step"));
        stepEnded = state.getBoolean("step_ended");
    }

    @Override
    public void close() {
        all.close();
        step.close();
    }
}
