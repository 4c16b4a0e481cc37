package io.github.lightning4j.examples;

import io.github.lightning4j.Require;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains {@link LitWganGp}, draws after each epoch what it makes of noise, and counts how often that is the digit asked for. */
@Command(name = WganGp.NAME, header = "Noise becomes the digits one asks for: a critic whose slope is penalised.")
public final class WganGp implements Callable<Integer> {
    static final String NAME = "wgan-gp";

    @Mixin
    private final TrainingOptions training = new TrainingOptions(8, 1e-3, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    @Option(names = "--penalty", paramLabel = "X", description = "What a slope of the critic other than 1 costs.")
    private double penalty = 10;

    @Option(names = "--critic-steps", paramLabel = "N", description = "Steps of the critic for one of the generator.")
    private int criticSteps = 1;

    /** Creates the example with its default options. */
    public WganGp() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new WganGp(), args);
    }

    @Override
    public Integer call() throws IOException {
        Require.notNegative(penalty, "--penalty");
        Require.atLeast(1, criticSteps, "--critic-steps");
        LitWganGp.Config config = new LitWganGp.Config(training.lr(), penalty, criticSteps);
        return new Forging(training, digits).run(NAME, judge -> new LitWganGp(config, judge));
    }
}
