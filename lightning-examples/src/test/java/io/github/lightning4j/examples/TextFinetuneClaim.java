package io.github.lightning4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether training all of the encoder beats training the head alone on held-out texts, over the seeds 1 to 5: some minutes of
 * one core for each of ten runs. By hand, with the model of the profile {@code minilm} on the class path:
 *
 * <pre>java -cp ... io.github.lightning4j.examples.TextFinetuneClaim DIRECTORY</pre>
 */
final class TextFinetuneClaim {
    private static final PrintStream OUT = System.out;
    private static final List<String> FULL = List.of("--tuning=FULL", "--lr=1e-4");
    private static final List<String> HEAD = List.of("--tuning=HEAD", "--head-lr=1e-2", "--epochs=8");

    private TextFinetuneClaim() {}

    public static void main(String... args) {
        double[] gains = IntStream.rangeClosed(1, 5)
                .mapToDouble(seed -> gain(Path.of(args[0]), seed))
                .toArray();
        double mean = IntStream.range(0, 5).mapToDouble(i -> gains[i]).average().orElseThrow();
        double variance = IntStream.range(0, 5)
                        .mapToDouble(i -> (gains[i] - mean) * (gains[i] - mean))
                        .sum()
                / 4;
        double error = Math.sqrt(variance / 5);
        OUT.printf("full beats head by %.4f, standard error %.4f%n", mean, error);
        System.exit(mean > error ? 0 : 1);
    }

    private static double gain(Path folder, int seed) {
        double full = accuracy(FULL, seed, folder.resolve("full-" + seed));
        double head = accuracy(HEAD, seed, folder.resolve("head-" + seed));
        OUT.printf("seed %d: full %.4f, head %.4f%n", seed, full, head);
        return full - head;
    }

    private static double accuracy(List<String> options, int seed, Path output) {
        String[] args = Stream.concat(
                        Stream.of("text-finetune", "--seed=" + seed, "--output=" + output), options.stream())
                .toArray(String[]::new);
        Outcome outcome = Outcome.of(args);
        return outcome.out()
                .lines()
                .filter(line -> line.startsWith("test accuracy"))
                .mapToDouble(line -> Double.parseDouble(line.split(" +")[2]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(outcome.err()));
    }
}
