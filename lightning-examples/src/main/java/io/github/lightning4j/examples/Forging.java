package io.github.lightning4j.examples;

import io.github.lightning4j.Stage;
import io.github.lightning4j.callback.EMAWeightAveraging;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What the examples that forge digits do: train a judge, train the forging networks, let the judge see what they make. */
final class Forging {
    private static final long JUDGE_SEED = 1;
    private static final double DECAY = 0.99;

    private final TrainingOptions training;
    private final DigitOptions digits;

    Forging(TrainingOptions training, DigitOptions digits) {
        this.training = training;
        this.digits = digits;
    }

    /** Runs the example and returns its exit code. */
    int run(String name, Function<LitMnist, LitForging> networks) throws IOException {
        Trainer trainer = training.trainer(name)
                .callbacks(EMAWeightAveraging.builder().decay(DECAY).build(), new NoiseSheet())
                .build();
        try (MnistData data = digits.data();
                LitMnist judge = judge(data);
                LitForging untrained = networks.apply(judge);
                LitForging module = networks.apply(judge)) {
            FitResult fit = trainer.fit(module, data);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            Map<String, Double> test = trainer.test(module, data);
            System.out.printf("%nasked for and taken for%n%s%n", module.testTable());
            System.out.printf("as asked      %.4f%n", test.get("test_as_asked"));
            System.out.printf(
                    "untrained     %.4f%n",
                    silent().seed(fit.seed()).build().test(untrained, data).get("test_as_asked"));
            System.out.printf("real digits   %.4f%n", test.get("test_of_real"));
            System.out.printf("variety       %.4f%n", test.get("test_variety"));
            Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
            System.out.printf("epochs        %s%n", directory.resolve("samples"));
        }
        return 0;
    }

    /** A network that learns real digits, always the same. */
    private LitMnist judge(MnistData data) throws IOException {
        data.setup(Stage.TRAIN);
        LitMnist judge = new LitMnist(new LitMnist.Config(2e-3));
        silent().seed(JUDGE_SEED).build().fit(judge, DataLoader.of(data.parts().train(), 64, true));
        return judge;
    }

    private Trainer.Builder silent() {
        return Trainer.builder()
                .maxEpochs(1)
                .threads(training.threads())
                .loggers()
                .enableCheckpointing(false)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableResultTable(false);
    }
}
