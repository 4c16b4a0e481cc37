package io.github.lightning4j.examples;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains {@link LitGan}, draws after each epoch what it makes of noise, and counts how often that is the digit asked for. */
@Command(
        name = Gan.NAME,
        header = "Noise becomes the digits one asks for: two networks, each with an optimizer of its own.")
public final class Gan implements Callable<Integer> {
    static final String NAME = "gan";

    @Mixin
    private final TrainingOptions training = new TrainingOptions(8, 1e-3, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    /** Creates the example with its default options. */
    public Gan() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new Gan(), args);
    }

    @Override
    public Integer call() throws IOException {
        LitGan.Config config = new LitGan.Config(training.lr());
        return new Forging(training, digits).run(NAME, judge -> new LitGan(config, judge));
    }
}
