package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Lets the rate fall along half a cosine, and rise again if it goes on: {@code lr(t) = etaMin + (lr(0) - etaMin) · (1 +
 * cos(π t / tMax)) / 2}.
 *
 * <p>Default: etaMin 0.
 *
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, 2016</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">torch's CosineAnnealingLR</a>
 */
public final class CosineAnnealingLR extends TorchScheduler {
    private final long tMax;
    private final double etaMin;

    /**
     * Creates a schedule that falls to zero.
     *
     * @param optimizer the optimizer
     * @param tMax the steps until the rate is smallest, at least 1
     * @throws ConfigurationException if {@code tMax} is out of range
     */
    public CosineAnnealingLR(Optimizer optimizer, long tMax) {
        this(optimizer, tMax, 0);
    }

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param tMax the steps until the rate is smallest, at least 1
     * @param etaMin the smallest rate, at least 0
     * @throws ConfigurationException if a value is out of range
     */
    public CosineAnnealingLR(Optimizer optimizer, long tMax, double etaMin) {
        super(optimizer);
        this.tMax = Require.atLeast(1, tMax, "CosineAnnealingLR: tMax");
        this.etaMin = Require.notNegative(etaMin, "CosineAnnealingLR: etaMin");
        start();
    }

    @Override
    double nextLr(int group) {
        double lr = group(group).lr();
        if (isInitial()) {
            return lr;
        }
        if (Math.floorMod(stepCount() - 1 - tMax, 2 * tMax) == 0) {
            return lr + (baseLr(group) - etaMin) * (1 - Math.cos(Math.PI / tMax)) / 2;
        }
        return (1 + cosine(stepCount())) / (1 + cosine(stepCount() - 1)) * (lr - etaMin) + etaMin;
    }

    @Override
    double closedFormLr(int group) {
        return etaMin + (baseLr(group) - etaMin) * (1 + cosine(stepCount())) / 2;
    }

    private double cosine(long step) {
        return Math.cos(Math.PI * step / tMax);
    }
}
