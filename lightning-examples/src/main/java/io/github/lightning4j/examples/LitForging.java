package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;

/**
 * Two networks: a generator makes of noise the digit it is asked for, a critic says how real a digit looks. How they learn from each
 * other is up to subclasses. A judge that has learned real digits says how often the generator makes what it is asked for.
 */
abstract class LitForging extends LightningModule {
    static final int CLASSES = 10;
    static final int NOISE = 32;
    static final LogOptions ON_BAR = LogOptions.progressBar();

    private static final Shape IMAGE = new Shape(1, 1, 28, 28);

    private final Block generator =
            addChildBlock("generator", GanNetworks.generator(NOISE + CLASSES), new Shape(1, NOISE + CLASSES));
    private final Block critic = addChildBlock("critic", GanNetworks.critic(CLASSES), IMAGE);
    private final Accuracy asAsked = metric("as_asked", new Accuracy(CLASSES));
    private final Accuracy ofReal = metric("of_real", new Accuracy(CLASSES));
    private final LitMnist judge;
    private TestTable table = new TestTable(CLASSES);
    private Variety variety = new Variety(CLASSES);
    private Variety realVariety = new Variety(CLASSES);

    /** Shares the judge, which is not trained here. */
    LitForging(Record config, LitMnist judge) {
        super(config);
        this.judge = judge;
    }

    @Override
    public boolean automaticOptimization() {
        return false;
    }

    @Override
    protected Shape[] inputShapes() {
        return new Shape[] {new Shape(1, NOISE), new Shape(1)};
    }

    /** Makes of noise (N, NOISE) and the digits asked for (N) images (N, 1, 28, 28). */
    @Override
    public NDList forward(NDList noiseAndDigits) {
        NDArray noise = noiseAndDigits.get(0);
        return call(generator, new NDList(noise.concat(oneHot(noiseAndDigits.get(1)), 1)));
    }

    /** Makes the digits asked for, of new noise. */
    NDArray forge(NDArray digits) {
        NDArray noise = digits.getManager().randomNormal(new Shape(digits.size(0), NOISE));
        return forward(new NDList(noise, digits)).head();
    }

    /** How real each image looks as the digit it is meant to be (N). */
    NDArray realness(NDArray images, NDArray digits) {
        return call(critic, images).mul(oneHot(digits)).sum(new int[] {1});
    }

    private static NDArray oneHot(NDArray digits) {
        return digits.toType(DataType.INT64, false).oneHot(CLASSES);
    }

    /** One step of one of the two. */
    void step(Optimizer optimizer, NDArray loss) {
        optimizer.zeroGrad();
        manualBackward(loss);
        optimizer.step();
    }

    /** Adam for the generator, then Adam for the critic. */
    OptimizerConfig adams(double lr, double beta2) {
        return OptimizerConfig.of(
                Adam.builder(generator.getParameters()).lr(lr).betas(0.5, beta2).build(),
                Adam.builder(critic.getParameters()).lr(lr).betas(0.5, beta2).build());
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        try (Inference judging = judge.inference()) {
            NDArray digits = label(batch);
            asAsked.update(judging.forward(forge(digits)), digits);
            log("val_as_asked", asAsked, ON_BAR);
        }
    }

    @Override
    public void onTestStart() {
        table = new TestTable(CLASSES);
        variety = new Variety(CLASSES);
        realVariety = new Variety(CLASSES);
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        try (Inference judging = judge.inference()) {
            NDArray digits = label(batch);
            NDArray forged = forge(digits);
            NDArray taken = judging.forward(forged);
            asAsked.update(taken, digits);
            log("test_as_asked", asAsked);
            ofReal.update(judging.forward(input(batch)), digits);
            log("test_of_real", ofReal);
            table.add(taken, digits);
            variety.add(forged, digits);
            realVariety.add(input(batch), digits);
        }
    }

    @Override
    public void onTestEpochEnd() {
        log("test_variety", variety.value() / realVariety.value());
        logItem("test_digits", () -> new LogItem.Text("```\n" + table + "```"));
    }

    /** What the judge takes forged digits for, class by class. */
    TestTable testTable() {
        return table;
    }
}
