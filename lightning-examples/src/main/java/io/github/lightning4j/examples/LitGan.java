package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ToggledOptimizer;
import io.github.lightning4j.loss.Losses;
import org.jspecify.annotations.Nullable;

/** A GAN (Goodfellow et al. 2014): the critic learns to tell real digits from forged ones, the generator to deceive it. */
final class LitGan extends LitForging {
    /** Real digits are not called entirely real, so that the critic stays unsure (Salimans et al. 2016). */
    private static final double REAL = 0.9;

    private final double lr;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(double lr) {}

    LitGan(Config config, LitMnist judge) {
        super(config, judge);
        lr = config.lr();
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray digits = label(batch);
        NDArray forged = forge(digits);
        Optimizer ofGenerator = optimizers().get(0);
        Optimizer ofCritic = optimizers().get(1);
        try (ToggledOptimizer critic = toggleOptimizer(ofCritic)) {
            NDArray onReal = realness(input(batch), digits);
            NDArray onForged = realness(forged.stopGradient(), digits);
            NDArray loss = Losses.bceWithLogits(onReal, onReal.onesLike().mul(REAL))
                    .add(Losses.bceWithLogits(onForged, onForged.zerosLike()));
            step(ofCritic, loss);
            log("critic_loss", loss, ON_BAR);
        }
        try (ToggledOptimizer generator = toggleOptimizer(ofGenerator)) {
            NDArray onForged = realness(forged, digits);
            NDArray loss = Losses.bceWithLogits(onForged, onForged.onesLike());
            step(ofGenerator, loss);
            log("generator_loss", loss, ON_BAR);
        }
        return null;
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return adams(lr, 0.999);
    }
}
