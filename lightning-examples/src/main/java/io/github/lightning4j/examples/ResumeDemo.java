package io.github.lightning4j.examples;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills {@code mnist-cnn} some times without warning, lets it go on, and compares it with a run that nobody disturbed. */
@Command(
        name = ResumeDemo.NAME,
        header = "A training is killed three times, goes on, and ends with the same bits.",
        abbreviateSynopsis = true,
        sortOptions = false,
        showDefaultValues = true,
        optionListHeading = "%nOptions:%n")
public final class ResumeDemo implements Callable<Integer> {
    static final String NAME = "resume-demo";
    private static final int DIFFERENT = 1;
    private static final long LOOK_MILLIS = 2;
    private static final int SHOWN = 16;

    @Option(names = "--kills", paramLabel = "N", description = "How often to kill the training.")
    private int kills = 3;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data.")
    private int epochs = 2;

    @Option(names = "--save-every", paramLabel = "N", description = "Save a checkpoint every N steps.")
    private int saveEvery = 20;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides everything random and when to kill. Without it one is drawn and shown.")
    private @Nullable Long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Threads for one operation.")
    private int threads = 1;

    @Option(names = "--batch-size", paramLabel = "N", description = "Samples in a training batch.")
    private int batchSize = 64;

    @Option(names = "--data", paramLabel = "DIR", description = "A folder with the four IDX files of MNIST.")
    private @Nullable Path data;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where to write. Without it: runs/resume-demo/0, runs/resume-demo/1, ...")
    private @Nullable Path output;

    /** Creates the example with its default options. */
    public ResumeDemo() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new ResumeDemo(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Require.atLeast(1, kills, "--kills");
        Require.atLeast(1, epochs, "--epochs");
        Require.atLeast(1, saveEvery, "--save-every");
        Path folder = output == null ? TrainingOptions.nextFolder(NAME) : output;
        if (Files.exists(folder.resolve("killed"))
                || Files.exists(folder.resolve("undisturbed").resolve("starts.csv"))) {
            throw new ConfigurationException(
                    "--output " + folder + " holds this example's runs already. Name another directory.");
        }
        Files.createDirectories(folder);
        long used = seed == null ? System.nanoTime() : seed;
        RunFiles whole = new RunFiles(folder.resolve("undisturbed"));
        RunFiles killed = new RunFiles(folder.resolve("killed"));
        System.out.printf("mnist-cnn, seed %d, a checkpoint every %d steps%n", used, saveEvery);
        finish(whole, used);
        System.out.printf("undisturbed  steps 0 to %d%n%n", whole.lastStep());
        int done = killAndResume(killed, used, whole.lastStep());
        return compare(whole, killed, done) ? 0 : DIFFERENT;
    }

    /** Kills the training at steps of which each lies in its share of the run, lets it end, and says how often that was done. */
    private int killAndResume(RunFiles run, long used, long steps) throws IOException, InterruptedException {
        Random random = new Random(used);
        int done = 0;
        for (int i = 0; i < kills; i++) {
            done += killAt((long) ((i + random.nextDouble()) * steps / kills), run, used) ? 1 : 0;
        }
        finish(run, used);
        System.out.printf("start %d      steps %d to %d, done%n", run.startCount(), run.firstStep(), run.lastStep());
        return done;
    }

    private boolean killAt(long step, RunFiles run, long used) throws IOException, InterruptedException {
        int before = run.startCount();
        Process process = start(run, used);
        while (process.isAlive() && (run.startCount() == before || run.step() < step)) {
            process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        boolean endedByItself = !process.isAlive();
        process.destroyForcibly();
        if (process.waitFor() == 0) {
            return false;
        }
        if (endedByItself || run.startCount() == before) {
            throw failed(run);
        }
        System.out.printf("start %d      steps %d to %d, killed%n", run.startCount(), run.firstStep(), run.step());
        return true;
    }

    private void finish(RunFiles run, long used) throws IOException, InterruptedException {
        int exitCode = start(run, used).waitFor();
        if (exitCode != 0) {
            throw failed(run);
        }
    }

    private static ConfigurationException failed(RunFiles run) throws IOException {
        List<String> lines = Files.readAllLines(log(run));
        String last = lines.isEmpty() ? "" : " " + lines.get(lines.size() - 1);
        return new ConfigurationException("A start of mnist-cnn failed, see " + log(run) + "." + last);
    }

    private Process start(RunFiles run, long used) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "mnist-cnn",
                "--resume",
                "--output=" + run.folder(),
                "--epochs=" + epochs,
                "--save-every=" + saveEvery,
                "--seed=" + used,
                "--threads=" + threads,
                "--batch-size=" + batchSize));
        if (data != null) {
            arguments.add("--data=" + data);
        }
        return ChildJvm.start(log(run), arguments);
    }

    private static Path log(RunFiles run) {
        return run.folder().resolveSibling(run.folder().getFileName() + ".log");
    }

    /** Prints what both ended with, and says whether that is the same. */
    static boolean compare(RunFiles whole, RunFiles killed, int kills) throws IOException {
        boolean weights = whole.weights().equals(killed.weights());
        boolean metrics = whole.metrics().equals(killed.metrics());
        System.out.println();
        row("", "undisturbed", "killed " + kills + " times", "");
        row("weightsSha256", start(whole.weights()), start(killed.weights()), word(weights));
        row("metrics.csv", rows(whole.metrics()), rows(killed.metrics()), word(metrics));
        System.out.printf("%n%s%n", word(weights && metrics));
        return weights && metrics;
    }

    private static void row(String what, String whole, String killed, String verdict) {
        System.out.println(
                String.format("%-14s%-20s%-20s%s", what, whole, killed, verdict).stripTrailing());
    }

    private static String start(String hash) {
        return hash.substring(0, SHOWN);
    }

    private static String rows(List<String> table) {
        return table.size() - 1 + " rows";
    }

    private static String word(boolean same) {
        return same ? "equal" : "DIFFERENT";
    }
}
