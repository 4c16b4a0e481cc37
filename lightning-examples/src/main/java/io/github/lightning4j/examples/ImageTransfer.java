package io.github.lightning4j.examples;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Every;
import io.github.lightning4j.Require;
import io.github.lightning4j.Stage;
import io.github.lightning4j.callback.BackboneFinetuning;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains {@link LitTransfer} on the digits 0 to 4, and goes on with what it has learned to the digits 5 to 9. */
@Command(
        name = ImageTransfer.NAME,
        header = "What was learned on the digits 0 to 4 helps to learn 5 to 9 from 20 images of each.")
public final class ImageTransfer implements Callable<Integer> {
    static final String NAME = "image-transfer";
    private static final int CLASSES = 5;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(12, 5e-3, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    @Option(names = "--pretrain-epochs", paramLabel = "N", description = "Passes over the digits 0 to 4.")
    private int pretrainEpochs = 5;

    @Option(names = "--labels", paramLabel = "N", description = "Images of each of the digits 5 to 9 to learn from.")
    private int labels = 20;

    /** Creates the example with its default options. */
    public ImageTransfer() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new ImageTransfer(), args);
    }

    @Override
    public Integer call() throws IOException {
        Require.atLeast(1, labels, "--labels");
        Require.atLeast(1, pretrainEpochs, "--pretrain-epochs");
        try (MnistData data = digits.data();
                NDManager manager = NDManager.newBaseManager()) {
            data.setup(Stage.TRAIN);
            DigitSource.Parts parts = data.parts();
            int all = Integer.MAX_VALUE;
            DataLoader known =
                    DataLoader.of(Digits.ofClasses(manager, parts.train(), 0, 4, all), digits.batchSize(), true);
            DataLoader knownVal = DataLoader.of(Digits.ofClasses(manager, parts.val(), 0, 4, all), 128);
            DataLoader few = DataLoader.of(Digits.ofClasses(manager, parts.train(), 5, 9, labels), 10, true);
            DataLoader unseen = DataLoader.of(Digits.ofClasses(manager, parts.test(), 5, 9, all), 128);

            FitResult pretrained = pretrain(known, knownVal);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            double scratch = fromScratch(few, unseen);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            Transferred transferred = transfer(pretrained, few, unseen);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }

            System.out.printf("%naccuracy on unseen digits%n");
            System.out.printf(
                    "0 to 4, all images            %.4f%n", pretrained.metrics().get("accuracy"));
            System.out.printf("5 to 9, %d images of each%n", labels);
            System.out.printf("  from scratch                %.4f%n", scratch);
            System.out.printf("  transferred, frozen         %.4f%n", transferred.frozen());
            System.out.printf("  transferred, then unfrozen  %.4f%n", transferred.unfrozen());
        }
        return 0;
    }

    private FitResult pretrain(DataLoader train, DataLoader val) {
        Trainer trainer = training.trainer(NAME, "pretrain", pretrainEpochs).build();
        try (LitTransfer module = module(pretrainEpochs)) {
            return trainer.fit(module, train, val);
        }
    }

    private double fromScratch(DataLoader few, DataLoader unseen) {
        Trainer trainer = training.trainer(NAME, "scratch", training.epochs()).build();
        try (LitTransfer module = module(training.epochs())) {
            trainer.fit(module, few);
            return Objects.requireNonNull(trainer.validate(module, unseen).get("accuracy"));
        }
    }

    /** How good the head alone became, and how good all. */
    private record Transferred(double frozen, double unfrozen) {}

    /** The head is new and learns alone at first; then the backbone learns with it, more slowly. */
    private Transferred transfer(FitResult pretrained, DataLoader few, DataLoader unseen) {
        int unfreezeAt = Math.max(1, training.epochs() / 6);
        BackboneFinetuning finetuning = BackboneFinetuning.builder("backbone")
                .unfreezeAtEpoch(unfreezeAt)
                .initialLrRatio(0.5)
                .build();
        Trainer trainer = training.trainer(NAME, "transfer", training.epochs())
                .callbacks(finetuning)
                .valCheckInterval(Every.epochs(unfreezeAt))
                .build();
        try (LitTransfer module = module(training.epochs());
                WeightsFile weights = Checkpoint.openWeights(Objects.requireNonNull(pretrained.bestCheckpoint()))) {
            Engine.getEngine("PyTorch").setRandomSeed((int) pretrained.seed());
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 1, 28, 28));
            weights.restoreMatchingInto(module, Names.skip("head\\..*"));
            FitResult fit = trainer.fit(module, few, unseen);
            if (training.wasInterrupted()) {
                return new Transferred(Double.NaN, Double.NaN);
            }
            double frozen =
                    Objects.requireNonNull(fit.history().get(unfreezeAt - 1).get("accuracy"));
            return new Transferred(
                    frozen,
                    Objects.requireNonNull(trainer.validate(module, unseen).get("accuracy")));
        }
    }

    private LitTransfer module(int epochs) {
        return new LitTransfer(new LitTransfer.Config(CLASSES, training.lr(), epochs));
    }
}
