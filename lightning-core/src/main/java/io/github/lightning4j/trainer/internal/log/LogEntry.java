package io.github.lightning4j.trainer.internal.log;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Reduction;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.StepValue;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.metric.StepMetric;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One logged name in one hook: its newest value and its reduction over the epoch. */
final class LogEntry {
    private final LogOptions options;
    private final boolean onStep;
    private final boolean onEpoch;
    private final String name;
    private final String place;
    private final String stepEnding;
    private final String epochEnding;
    private final String stepName;
    private final String epochName;
    private final String plainName;
    private final @Nullable PendingValues pending;

    private @Nullable Metric metric;
    private @Nullable StepMetric<?> ofStepAlone;
    private @Nullable String metricName;
    private double value = Double.NaN;
    private List<String> parts = List.of("");
    private boolean fresh;
    private long times;
    private boolean logged;
    private boolean counted;
    private boolean shown;
    private boolean closed;
    private long tick;
    private boolean loaded;
    private double sum;
    private double weight;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    /** Takes {@code value} as the value of a step, an epoch or both, under its name and that without their endings. */
    @FunctionalInterface
    interface Sink {
        void accept(String name, String plainName, double value);
    }

    /** Its place follows the name, such as that of a loader. */
    LogEntry(String name, String place, LogOptions options, boolean onStep, boolean onEpoch, boolean readLater) {
        this.options = options;
        this.onStep = onStep;
        this.onEpoch = onEpoch;
        this.name = name;
        this.place = place;
        this.stepEnding = onStep && onEpoch ? "_step" : "";
        this.epochEnding = onStep && onEpoch ? "_epoch" : "";
        this.plainName = name + place;
        this.stepName = plainName + stepEnding;
        this.epochName = plainName + epochEnding;
        this.pending = readLater ? new PendingValues() : null;
    }

    LogOptions options() {
        return options;
    }

    boolean isOnStep() {
        return onStep;
    }

    /** What it is called in rows and among the metrics. */
    Set<String> names() {
        return new LinkedHashSet<>(onStep ? List.of(plainName, stepName, epochName) : List.of(plainName, epochName));
    }

    /** The name of a number, or of a part of several. */
    private String plainName(String part) {
        return part.isEmpty() ? plainName : name + "_" + part + place;
    }

    void add(NDArray scalar, int batchSize) {
        if (closed) {
            return;
        }
        if (scalar.size() != 1) {
            throw new ConfigurationException("log('" + plainName + "'): the value has shape " + scalar.getShape()
                    + ", but one number is logged. Reduce it first, for instance with mean().");
        }
        refuseChangeOfKind(false);
        if (pending == null) {
            accumulate(Tensors.toDouble(scalar), batchSize);
        } else {
            pending.add(scalar, batchSize, onEpoch);
            fresh = true;
            if (pending.isFull()) {
                settle();
            }
        }
    }

    void add(double number, int batchSize) {
        if (closed) {
            return;
        }
        refuseChangeOfKind(false);
        accumulate(number, batchSize);
    }

    boolean holds(Metric logged) {
        return metric == logged;
    }

    /** The metric may have been updated since it was logged. */
    void renew() {
        fresh = true;
        if (ofStepAlone != null) {
            ofStepAlone.endStep();
        }
    }

    void add(Metric value, Supplier<Map<String, Metric>> registered) {
        if (closed) {
            return;
        }
        refuseChangeOfKind(true);
        requireStepAlone(value);
        if (metric != null) {
            throw new ConfigurationException(
                    "log('" + plainName + "'): another metric object was logged under this name"
                            + " in this hook. Keep one object per name.");
        }
        metricName = nameOf(value, registered.get());
        hold(value);
    }

    private void hold(Metric value) {
        metric = value;
        ofStepAlone = wantsStepAlone() && value instanceof StepMetric<?> two ? two : null;
    }

    private boolean wantsStepAlone() {
        return onStep && options.stepValue() == StepValue.ALONE;
    }

    private void requireStepAlone(Metric value) {
        if (wantsStepAlone() && !(value instanceof StepMetric)) {
            throw new ConfigurationException("log('" + plainName + "') with stepValue ALONE: a "
                    + ClassName.of(value)
                    + " knows its value so far, not that of one step. Make it StepMetric.of(() -> new "
                    + ClassName.of(value) + "(...)), or leave stepValue out.");
        }
    }

    private String nameOf(Metric logged, Map<String, Metric> registered) {
        for (Map.Entry<String, Metric> each : registered.entrySet()) {
            if (each.getValue() == logged) {
                return each.getKey();
            }
        }
        throw new ConfigurationException(
                "log('" + plainName + "'): the metric is not registered, so it could not be saved."
                        + " Register it where it is made: metric(\"" + plainName + "\", new "
                        + ClassName.of(logged) + "(...)).");
    }

    private void refuseChangeOfKind(boolean isMetric) {
        if (isMetric ? weight != 0 : metric != null) {
            throw new ConfigurationException("log('" + plainName
                    + "'): a number and a Metric were logged under this name in one hook. Use two names.");
        }
    }

    private void accumulate(double number, int batchSize) {
        value = number;
        fresh = true;
        if (onEpoch) {
            sum += options.reduction() == Reduction.MEAN ? number * batchSize : number;
            weight += batchSize;
            least = Double.isNaN(number) ? Double.NaN : Math.min(least, number);
            largest = Double.isNaN(number) ? Double.NaN : Math.max(largest, number);
        }
    }

    /** Reads what was left on the device. */
    void settle() {
        if (pending != null) {
            pending.drain(this::accumulate);
        }
    }

    /** Remembers the batch in which something was logged last. */
    void touch(long batch) {
        loaded = false;
        tick = batch;
        logged = true;
        counted = false;
        times++;
    }

    /** How many values of steps it has brought under a name. */
    long stepsUnder(String wanted) {
        return onStep && parts.stream().anyMatch(part -> isName(part, wanted)) ? times : 0;
    }

    private boolean isName(String part, String wanted) {
        String plain = plainName(part);
        return wanted.startsWith(plain) && (wanted.equals(plain) || wanted.equals(plain + stepEnding));
    }

    /** Whether it was logged by an earlier start of the run alone. */
    boolean isOfEarlierStart() {
        return loaded;
    }

    long tick() {
        return tick;
    }

    /** Whether something was logged since the last call of {@link #published}. */
    boolean isFresh() {
        return fresh;
    }

    void published() {
        fresh = false;
    }

    /** The step's value for a row of the loggers. */
    void show(Sink sink) {
        shown = true;
        forEachStepValue(sink);
    }

    /** Whether the value of a step has come in this epoch, and no row has held one: of steps alone, nobody would see it. */
    boolean isUnshown() {
        return logged && onStep && !onEpoch && !shown;
    }

    /** What is logged from here on has been logged before, by an earlier start of the run, and counts no more. */
    void close() {
        closed = true;
    }

    /** The step's value, or the parts of it. */
    void forEachStepValue(Sink sink) {
        settle();
        if (metric == null) {
            sink.accept(stepName, plainName, value);
        } else {
            giveParts(ofStepAlone == null ? metric.value() : ofStepAlone.stepValue(), stepEnding, sink);
        }
    }

    /** The epoch's value, or the parts of it; a value that is no number goes elsewhere. */
    void forEachEpochValue(Sink sink, BiConsumer<String, MetricValue> figures) {
        if (metric == null) {
            sink.accept(epochName, plainName, reduced());
            return;
        }
        MetricValue computed = metric.value();
        if (isFigure(computed)) {
            figures.accept(epochName, computed);
        } else {
            giveParts(computed, epochEnding, sink);
        }
    }

    private static boolean isFigure(MetricValue computed) {
        return computed instanceof MetricValue.Matrix || computed instanceof MetricValue.Curve;
    }

    private void giveParts(MetricValue computed, String ending, Sink sink) {
        Map<String, Double> numbers = numbers(computed);
        parts = List.copyOf(numbers.keySet());
        numbers.forEach((part, each) -> sink.accept(plainName(part) + ending, plainName(part), each));
    }

    private Map<String, Double> numbers(MetricValue computed) {
        if (isFigure(computed)) {
            throw new ConfigurationException("log('" + plainName + "'): the metric computes a "
                    + computed.getClass().getSimpleName()
                    + ", which is no number of a step. Log it without onStep; it is then shown as the epoch ends.");
        }
        return computed.scalars();
    }

    boolean hasEpochValue() {
        settle();
        return onEpoch && (metric != null || weight > 0);
    }

    private double reduced() {
        return switch (options.reduction()) {
            case MEAN -> sum / weight;
            case SUM -> sum;
            case MIN -> least;
            case MAX -> largest;
        };
    }

    /** Whether something was logged since this was asked last: the value of an epoch, looked at twice, has come once. */
    boolean takeArrival() {
        boolean arrives = !counted;
        counted = true;
        return arrives;
    }

    /** Starts a new epoch. */
    void reset() {
        settle();
        if (metric != null) {
            metric.reset();
            metric = null;
            ofStepAlone = null;
            metricName = null;
        }
        sum = 0;
        weight = 0;
        least = Double.POSITIVE_INFINITY;
        largest = Double.NEGATIVE_INFINITY;
        fresh = false;
        logged = false;
        shown = false;
    }

    void save(StateWriter state) {
        settle();
        state.putDoubles("values", value, sum, weight, least, largest);
        state.putBoolean("fresh", fresh);
        state.putLong("times", times);
        state.putStrings("parts", parts);
        state.putBoolean("logged", logged);
        state.putBoolean("shown", shown);
        if (metricName != null) {
            state.putString("metric", metricName);
        }
    }

    void load(StateReader state, Map<String, Metric> registered) {
        loaded = true;
        double[] values = state.getDoubles("values");
        value = values[0];
        sum = values[1];
        weight = values[2];
        least = values[3];
        largest = values[4];
        fresh = state.getBoolean("fresh");
        times = state.has("times") ? state.getLong("times") : 0;
        parts = state.has("parts") ? state.getStrings("parts") : List.of("");
        logged = state.has("logged") && state.getBoolean("logged");
        shown = state.has("shown") && state.getBoolean("shown");
        if (state.has("metric")) {
            String saved = state.getString("metric");
            Metric known = registered.get(saved);
            if (known != null) {
                metricName = saved;
                hold(known);
            }
        }
    }
}
