package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;

/**
 * The common ground of the schedules that compute what {@code torch.optim.lr_scheduler} computes. Constructing one sets
 * the rates of its step 0. Most schedules change the present rate by a factor or a summand, so that several can be
 * chained. Parameter groups added later are left alone.
 */
public abstract class TorchScheduler implements LrScheduler {
    private final Optimizer optimizer;
    private final List<ParamGroup> groups;
    private final double[] baseLrs;
    private final double[] lastLr;
    private long step = -1;
    private boolean initial;

    TorchScheduler(Optimizer optimizer) {
        this.optimizer = optimizer;
        groups = List.copyOf(optimizer.paramGroups());
        groups.forEach(group -> group.setInitialLr(group.initialLr()));
        baseLrs = groups.stream().mapToDouble(ParamGroup::initialLr).toArray();
        lastLr = groups.stream().mapToDouble(ParamGroup::lr).toArray();
    }

    /** The rate of a group at {@link #stepCount}, given its present rate, which is that of the step before. */
    abstract double nextLr(int group);

    /** The rate of a group at {@link #stepCount} without regard to its present rate, where the schedule has such a form. */
    double closedFormLr(int group) {
        return nextLr(group);
    }

    /** Sets the rates of step 0; the last thing every constructor does. */
    void start() {
        initial = true;
        step();
        initial = false;
    }

    @Override
    public void step() {
        step++;
        double[] rates = new double[baseLrs.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = nextLr(i);
        }
        apply(rates);
    }

    /** Begins anew at step 0, as {@link SequentialLR} does at a milestone. */
    void restart() {
        step = 0;
        double[] rates = new double[baseLrs.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = closedFormLr(i);
        }
        apply(rates);
    }

    /** Takes the step of the constructor back, so that {@link #start} can be called again. */
    void undo() {
        step--;
    }

    /** Sets the groups' rates. */
    final void apply(double[] rates) {
        for (int i = 0; i < rates.length; i++) {
            groups.get(i).setLr(rates[i]);
        }
        rememberLr();
    }

    final void rememberLr() {
        for (int i = 0; i < lastLr.length; i++) {
            lastLr[i] = groups.get(i).lr();
        }
    }

    final ParamGroup group(int index) {
        return groups.get(index);
    }

    final int groupCount() {
        return groups.size();
    }

    /** The rate the schedule starts from. */
    final double baseLr(int group) {
        return baseLrs[group];
    }

    final void setBaseLr(int group, double value) {
        baseLrs[group] = value;
        groups.get(group).setInitialLr(value);
    }

    /** Whether the constructor's step is running. */
    final boolean isInitial() {
        return initial;
    }

    /** How often the schedule has stepped: torch's {@code last_epoch}. */
    final long stepCount() {
        return step;
    }

    @Override
    public String name() {
        return ClassName.of(this);
    }

    @Override
    public final Optimizer optimizer() {
        return optimizer;
    }

    @Override
    public final double[] lastLr() {
        return lastLr.clone();
    }

    @Override
    public void save(StateWriter state) {
        StateHeader.save(this, step, state);
        state.putDoubles("last_lr", lastLr);
    }

    @Override
    public void load(StateReader state) {
        step = StateHeader.load(this, state);
        double[] rates = state.getDoubles("last_lr");
        if (rates.length != lastLr.length) {
            throw new CheckpointException("The checkpoint's " + name() + " had " + rates.length
                    + " parameter groups, but the module configured " + lastLr.length + ".");
        }
        System.arraycopy(rates, 0, lastLr, 0, rates.length);
    }
}
