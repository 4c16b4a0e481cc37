package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/**
 * Lets the rate fall along half a cosine again and again, each time for {@code tMult} times as many steps: {@code lr =
 * etaMin + (lr(0) - etaMin) · (1 + cos(π tCur / tI)) / 2}, tCur being the steps since the last restart and tI those
 * between two.
 *
 * <p>Defaults: tMult 1, etaMin 0.
 *
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, 2016</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html">torch's CosineAnnealingWarmRestarts</a>
 */
public final class CosineAnnealingWarmRestarts extends TorchScheduler {
    private final long tMult;
    private final double etaMin;
    private long sinceRestart = -1;
    private long period;

    /**
     * Creates a schedule with periods of one length that falls to zero.
     *
     * @param optimizer the optimizer
     * @param t0 the steps until the first restart, at least 1
     * @throws ConfigurationException if {@code t0} is out of range
     */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, long t0) {
        this(optimizer, t0, 1, 0);
    }

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param t0 the steps until the first restart, at least 1
     * @param tMult the factor from one period to the next, at least 1
     * @param etaMin the smallest rate, at least 0
     * @throws ConfigurationException if a value is out of range
     */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, long t0, long tMult, double etaMin) {
        super(optimizer);
        period = Require.atLeast(1, t0, "CosineAnnealingWarmRestarts: t0");
        this.tMult = Require.atLeast(1, tMult, "CosineAnnealingWarmRestarts: tMult");
        this.etaMin = Require.notNegative(etaMin, "CosineAnnealingWarmRestarts: etaMin");
        start();
    }

    @Override
    public void step() {
        if (isInitial()) {
            sinceRestart = 0;
        } else {
            sinceRestart++;
            if (sinceRestart >= period) {
                sinceRestart -= period;
                period *= tMult;
            }
        }
        super.step();
    }

    @Override
    double nextLr(int group) {
        double cosine = Math.cos(Math.PI * sinceRestart / period);
        return etaMin + (baseLr(group) - etaMin) * (1 + cosine) / 2;
    }

    @Override
    public void save(StateWriter state) {
        super.save(state);
        state.putLong("since_restart", sinceRestart);
        state.putLong("period", period);
    }

    @Override
    public void load(StateReader state) {
        super.load(state);
        sinceRestart = state.getLong("since_restart");
        period = state.getLong("period");
    }
}
