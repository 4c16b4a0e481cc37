package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ToggledOptimizer;
import io.github.lightning4j.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * A Wasserstein GAN with a gradient penalty (Gulrajani et al. 2017): the critic rates real digits as far above forged ones as its
 * slope allows, which a penalty keeps near 1, and the generator learns to be rated higher.
 */
final class LitWganGp extends LitForging {
    private static final double TINY = 1e-12;

    private final Config config;

    /**
     * The hyperparameters, saved with every checkpoint.
     *
     * @param penalty what a slope other than 1 costs
     * @param criticSteps steps of the critic for one of the generator
     */
    record Config(double lr, double penalty, int criticSteps) {}

    LitWganGp(Config config, LitMnist judge) {
        super(config, judge);
        this.config = config;
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray digits = label(batch);
        NDArray forged = forge(digits);
        Optimizer ofGenerator = optimizers().get(0);
        Optimizer ofCritic = optimizers().get(1);
        try (ToggledOptimizer critic = toggleOptimizer(ofCritic)) {
            NDArray cut = forged.stopGradient();
            NDArray distance =
                    realness(input(batch), digits).sub(realness(cut, digits)).mean();
            NDArray slope = slope(input(batch), cut, digits);
            NDArray penalty = slope.sub(1).square().mean().mul(config.penalty());
            step(ofCritic, penalty.sub(distance));
            log("distance", distance, ON_BAR);
            log("slope", slope.mean(), ON_BAR);
        }
        if ((batchIndex + 1) % config.criticSteps() == 0) {
            try (ToggledOptimizer generator = toggleOptimizer(ofGenerator)) {
                step(ofGenerator, realness(forged, digits).mean().neg());
            }
        }
        return null;
    }

    /** The norm of the critic's gradient (N), somewhere between each real image and a forged one. */
    private NDArray slope(NDArray real, NDArray forged, NDArray digits) {
        NDArray share = real.getManager().randomUniform(0, 1, new Shape(real.size(0), 1, 1, 1));
        NDArray between = forged.add(real.sub(forged).mul(share));
        between.setRequiresGradient(true);
        NDArray gradient = Functional.grad(realness(between, digits), between);
        return gradient.square().sum(new int[] {1, 2, 3}).add(TINY).sqrt();
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return adams(config.lr(), 0.9);
    }
}
