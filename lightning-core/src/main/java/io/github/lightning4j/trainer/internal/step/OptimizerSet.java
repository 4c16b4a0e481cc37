package io.github.lightning4j.trainer.internal.step;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.run.Failures;
import io.github.lightning4j.trainer.internal.run.Position;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The optimizers and schedulers of a run; there are none until a fit has configured them. */
public final class OptimizerSet implements Stateful, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OptimizerSet.class);

    private final Position position;
    private final LogBook book;
    private final Accumulation accumulation;
    private final BackwardGate backwardGate = new BackwardGate();
    private List<Optimizer> optimizers = List.of();
    private List<Optimizer> visible = List.of();
    private List<Integer> groupsConfigured = List.of();
    private List<SchedulerConfig> schedulers = List.of();
    /** For each scheduler, how many values of its metric had come when it stepped last. */
    private long[] seen = {};

    private BiConsumer<LrScheduler, @Nullable Double> stepper = (scheduler, metric) -> {};
    private boolean hasStepSchedulers;
    private boolean reevaluating;

    /** Creates an empty set, for steps of so many batches. */
    public OptimizerSet(Position position, LogBook book, Accumulation accumulation) {
        this.position = position;
        this.book = book;
        this.accumulation = accumulation;
    }

    /**
     * Takes over what a module configured.
     *
     * @param stepsScheduler steps a scheduler, with the metric it monitors if there is one
     */
    public void configure(OptimizerConfig config, BiConsumer<LrScheduler, @Nullable Double> stepsScheduler) {
        stepper = stepsScheduler;
        optimizers = List.copyOf(config.optimizers());
        visible = optimizers;
        groupsConfigured = optimizers.stream()
                .map(optimizer -> optimizer.paramGroups().size())
                .toList();
        schedulers = List.copyOf(config.schedulers());
        seen = new long[schedulers.size()];
        hasStepSchedulers = schedulers.stream().anyMatch(OptimizerSet::followsSteps);
    }

    private static boolean isByHand(SchedulerConfig config) {
        return config.interval().unit() == Every.Unit.NEVER;
    }

    private static boolean followsSteps(SchedulerConfig config) {
        return config.interval().unit() == Every.Unit.STEPS;
    }

    /** How many batches a step is made of. */
    public Accumulation accumulation() {
        return accumulation;
    }

    /** A loss being evaluated again within a step. */
    @FunctionalInterface
    interface Reevaluation extends AutoCloseable {
        @Override
        void close();
    }

    /** Says so until closed. */
    Reevaluation reevaluating() {
        reevaluating = true;
        return () -> reevaluating = false;
    }

    /** Whether an optimizer evaluates a loss again within its step. */
    public boolean isReevaluating() {
        return reevaluating;
    }

    /** What is logged. */
    LogBook book() {
        return book;
    }

    /** Where a batch can be left out before its backward. */
    public BackwardGate backwardGate() {
        return backwardGate;
    }

    /** The optimizers, to be saved and freed. */
    public List<Optimizer> optimizers() {
        return optimizers;
    }

    /** The groups that an optimizer was given since it was configured. */
    public List<ParamGroup> addedGroups(int optimizer) {
        List<ParamGroup> groups = optimizers.get(optimizer).paramGroups();
        return groups.subList(groupsConfigured.get(optimizer), groups.size());
    }

    /** The optimizers as callbacks and the module see them. */
    public List<Optimizer> visible() {
        return visible;
    }

    void show(List<Optimizer> wrapped) {
        visible = wrapped;
    }

    /** The schedulers and when they step. */
    public List<SchedulerConfig> schedulers() {
        return schedulers;
    }

    /** Refuses a step of an optimizer after which a schedule could not step, before anything has changed. */
    void requireNext() {
        for (SchedulerConfig config : schedulers) {
            if (isByHand(config)) {
                continue;
            }
            long next = 1 + (followsSteps(config) ? position.globalStep() : position.epoch());
            if (next % config.interval().count() == 0) {
                config.scheduler().requireNext();
            }
        }
    }

    /** Counts a batch on which an optimizer stepped, and steps the schedulers whose interval in steps has come. */
    void stepped() {
        position.stepped();
        if (!hasStepSchedulers) {
            return;
        }
        for (int i = 0; i < schedulers.size(); i++) {
            SchedulerConfig config = schedulers.get(i);
            if (followsSteps(config)
                    && position.globalStep() % config.interval().count() == 0) {
                step(i);
            }
        }
    }

    /** Whether an optimizer has stepped in any start of the run. */
    boolean hasStepped() {
        return position.globalStep() > 0;
    }

    /** Steps the schedulers whose interval in epochs has come. */
    void epochDone() {
        long epoch = position.epoch() + 1;
        for (int i = 0; i < schedulers.size(); i++) {
            SchedulerConfig config = schedulers.get(i);
            if (config.interval().unit() == Every.Unit.EPOCHS
                    && epoch % config.interval().count() == 0) {
                step(i);
            }
        }
    }

    private void step(int index) {
        SchedulerConfig config = schedulers.get(index);
        @Nullable String monitor = config.monitor();
        if (monitor == null) {
            stepper.accept(config.scheduler(), null);
            return;
        }
        long arrivals = book.arrivals(monitor);
        Double metric = book.metrics().get(monitor);
        if (metric != null && arrivals != seen[index]) {
            seen[index] = arrivals;
            stepper.accept(config.scheduler(), metric);
        }
    }

    /** Says so where all that a run logs has been logged once, and what a scheduler waits for was not among it. */
    public void requireMonitored() {
        for (SchedulerConfig config : schedulers) {
            String monitor = config.monitor();
            if (monitor != null && !isByHand(config) && book.arrivals(monitor) == 0) {
                missing(config, monitor);
            }
        }
    }

    private void missing(SchedulerConfig config, String monitor) {
        String message = "Scheduler " + config.scheduler().name() + " monitors '" + monitor
                + "', which was not logged; known are " + book.metrics().keySet() + ".";
        if (config.strict()) {
            throw new ConfigurationException(message + " Log it, monitor another, or use strict(false).");
        }
        LOG.warn("{} It does not step.", message);
    }

    @Override
    public void save(StateWriter state) {
        state.putLongs("seen", seen);
    }

    @Override
    public void load(StateReader state) {
        long[] saved = state.getLongs("seen");
        System.arraycopy(saved, 0, seen, 0, Math.min(saved.length, seen.length));
    }

    @Override
    public void close() {
        Failures failures = new Failures();
        optimizers.forEach(optimizer -> failures.attempt(optimizer::close));
        failures.throwFirst();
    }
}
