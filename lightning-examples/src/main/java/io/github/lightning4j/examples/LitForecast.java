package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.GRU;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.StepLR;

/** Reads what is known, (N, T, features), and tells quantiles of what follows: (N, steps ahead, quantiles). */
final class LitForecast extends LightningModule {
    /** In 8 of 10 cases, what comes lies between the outer two. */
    static final double[] QUANTILES = {0.1, 0.5, 0.9};

    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final Config config;
    private final Block gru;
    private final Block head;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(int features, int hidden, int ahead, double lr) {}

    LitForecast(Config config) {
        super(config);
        this.config = config;
        gru = addChildBlock("gru", new GRU(config.features(), config.hidden()), new Shape(1, 1, config.features()));
        head = addChildBlock(
                "head", new Linear(config.hidden(), config.ahead() * QUANTILES.length), new Shape(1, config.hidden()));
    }

    @Override
    public NDList forward(NDList inputs) {
        NDArray atTheEnd = call(gru, inputs).get(1).squeeze(0);
        NDArray forecast = call(head, new NDList(atTheEnd)).head();
        return new NDList(forecast.reshape(-1, config.ahead(), QUANTILES.length));
    }

    private NDArray loss(Batch batch) {
        return Losses.quantile(
                forward(batch.getData()).head(), batch.getLabels().head(), QUANTILES);
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = loss(batch);
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        log("val_loss", loss(batch), ON_BAR);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        Adam adam = Adam.builder(parameters()).lr(config.lr()).build();
        return adam.withScheduler(new StepLR(adam, 1, 0.9));
    }
}
