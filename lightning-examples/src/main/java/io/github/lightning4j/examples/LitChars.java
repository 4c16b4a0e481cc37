package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.NormalInitializer;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.CrossEntropyOptions;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.Embedding;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.TransformerEncoder;
import io.github.lightning4j.nn.TransformerOptions;
import io.github.lightning4j.optim.AdamW;
import io.github.lightning4j.optim.scheduler.OneCycleLR;

/** A small GPT: of characters (N, T) it tells at each place, from what is before, which comes next: (N, T, characters). */
final class LitChars extends LightningModule {
    private static final LogOptions ON_BAR = LogOptions.progressBar();
    private static final CrossEntropyOptions EACH_PLACE =
            CrossEntropyOptions.builder().classAxis(-1).build();

    private final Config config;
    private final Block letters;
    private final Block places;
    private final Block body;
    private final Block head;

    /** The hyperparameters: of the text, of the network, of the learning. */
    record Config(int characters, int length, int size, int layers, int heads, double lr, long steps) {}

    LitChars(Config config) {
        super(config);
        this.config = config;
        TransformerOptions options = TransformerOptions.builder()
                .feedforward(4 * config.size())
                .dropout(0)
                .gelu()
                .normFirst()
                .causal()
                .build();
        letters = addChildBlock("letters", new Embedding(config.characters(), config.size()), new Shape(1, 1));
        places = addChildBlock("places", new Embedding(config.length(), config.size()), new Shape(1));
        body = addChildBlock(
                "body",
                new TransformerEncoder(config.layers(), config.size(), config.heads(), options),
                new Shape(1, 1, config.size()));
        letters.setInitializer(new NormalInitializer(0.02f), parameter -> true);
        places.setInitializer(new NormalInitializer(0.02f), parameter -> true);
        head = addChildBlock("head", new Linear(config.size(), config.characters()), new Shape(1, config.size()));
    }

    /** How many characters it can look at. */
    int length() {
        return config.length();
    }

    @Override
    public NDList forward(NDList inputs) {
        NDArray text = inputs.head();
        NDArray place = text.getManager().arange(0, text.size(1), 1, DataType.INT64);
        NDArray letter = call(letters, inputs).head();
        NDArray input = letter.add(call(places, new NDList(place)).head());
        return call(head, call(body, new NDList(input)));
    }

    private NDArray loss(Batch batch) {
        NDArray logits = forward(batch.getData()).head();
        return Losses.crossEntropy(logits, batch.getLabels().head(), EACH_PLACE);
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
    public void testStep(Batch batch, int batchIndex) {
        log("test_loss", loss(batch));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        AdamW adam =
                AdamW.builder(parameters()).lr(config.lr()).weightDecay(0.1).build();
        return adam.withScheduler(
                OneCycleLR.builder(adam, config.steps(), config.lr())
                        .pctStart(0.1)
                        .build(),
                Every.steps(1));
    }
}
