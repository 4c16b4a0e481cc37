package io.github.lightning4j.examples;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kills {@code mnist-cnn --resume} with SIGKILL at random moments, some while it saves, starts it again until it is done,
 * and compares it with an undisturbed run of the same seed. By hand, after {@code mvn test-compile}:
 *
 * <pre>java -cp ... io.github.lightning4j.examples.CrashHarness DIRECTORY RUNS [SEED] [pairs]</pre>
 *
 * With {@code pairs} each run is started twice, the second time while the first start is at work, and every other first start is
 * killed, before or after that.
 */
final class CrashHarness {
    private static final int SAVE_EVERY = 25;
    private static final int EPOCHS = 2;
    private static final int BATCH_SIZE = 16;
    private static final int TRAIN_DIGITS = 1_600;
    private static final long STEPS = (long) EPOCHS * TRAIN_DIGITS / BATCH_SIZE;
    private static final PrintStream OUT = System.out;

    private final Path folder;
    private final Path data;
    private final Random random;

    CrashHarness(Path folder, long seed) throws IOException {
        this.folder = Files.createDirectories(folder);
        data = SmallDigits.write(folder.resolve("digits"), TRAIN_DIGITS * 6 / 5, 200);
        random = new Random(seed);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
        OUT.println("harness seed " + seed);
        CrashHarness harness = new CrashHarness(Path.of(args[0]), seed);
        if (args.length > 3) {
            harness.printPairs(Integer.parseInt(args[1]));
            return;
        }
        int kills = 0;
        int starts = 0;
        int duringSaves = 0;
        long repeated = 0;
        int runs = Integer.parseInt(args[1]);
        for (int run = 0; run < runs; run++) {
            Outcome outcome = harness.run("run-" + run, run % 2 == 0 ? 100L + run % 10 : null, 1 + run % 3);
            OUT.println(outcome);
            kills += outcome.kills;
            starts += outcome.kills + 1;
            duringSaves += outcome.killsDuringSaves;
            repeated += outcome.repeatedSteps;
        }
        OUT.printf(
                "%d runs, %d kills of which %d while saving, %d starts, %d steps repeated (at most %d allowed): all"
                        + " equal%n",
                runs, kills, duringSaves, starts, repeated, SAVE_EVERY * kills);
    }

    /**
     * What a run that was killed showed.
     *
     * @param kills how often it was killed
     * @param killsDuringSaves how often of these a checkpoint was half written
     * @param repeatedSteps the steps it did more than once
     */
    record Outcome(
            String name, long seed, int kills, int killsDuringSaves, long repeatedSteps, List<Long> resumedFrom) {}

    /**
     * Kills a run some times and lets it end.
     *
     * @param seed the seed it is given, or null to let it draw one
     * @throws AssertionError if it differs from the undisturbed run in anything but times
     */
    Outcome run(String name, @Nullable Long seed, int wantedKills) throws IOException, InterruptedException {
        Path output = folder.resolve(name);
        int kills = 0;
        int duringSaves = 0;
        boolean saved = false;
        for (boolean done = false; !done; ) {
            long startsBefore = startsOf(output);
            Process process = start(output, seed);
            boolean killed = kills < wantedKills && kill(process, output);
            process.waitFor();
            if (killed) {
                kills++;
                duringSaves += isSaving(output) ? 1 : 0;
            } else {
                check(process.exitValue() == 0, name + " ended with exit code " + process.exitValue());
                done = true;
            }
            if (saved && startsOf(output) > startsBefore) {
                checkStart(output);
            }
            saved = hasCheckpoint(output);
        }
        return compare(name, output, kills, duringSaves);
    }

    private void printPairs(int pairs) throws IOException, InterruptedException {
        int refused = 0;
        int kills = 0;
        for (int pair = 0; pair < pairs; pair++) {
            Pair outcome = pair("pair-" + pair, 100L + pair % 10, pair % 2 == 0);
            OUT.println(outcome);
            refused += outcome.refused ? 1 : 0;
            kills += outcome.killed ? 1 : 0;
        }
        OUT.printf(
                "%d pairs, %d second starts refused, %d ran after the first; %d first starts killed: all equal%n",
                pairs, refused, pairs - refused, kills);
    }

    /**
     * What a pair of starts showed.
     *
     * @param refused whether the second start was refused
     * @param killed whether the first start was killed
     */
    record Pair(String name, boolean refused, boolean killed, Outcome end) {}

    /**
     * Starts a run twice so that the starts overlap, and once more to let it end.
     *
     * @param kill whether the first start is killed
     * @throws AssertionError if both have trained, or the run differs from the undisturbed one in anything but times
     */
    Pair pair(String name, long seed, boolean kill) throws IOException, InterruptedException {
        Path output = folder.resolve(name);
        Process first = start(output, seed);
        awaitMoment(first, output);
        Process second = start(output, seed);
        boolean killed = false;
        if (kill) {
            first.waitFor(random.nextInt(2_500), TimeUnit.MILLISECONDS);
            killed = first.isAlive();
            first.destroyForcibly();
        }
        int firstEnd = first.waitFor();
        int secondEnd = second.waitFor();
        boolean refused = secondEnd != 0;
        check(killed || firstEnd == 0 || secondEnd == 0, name + ": neither start worked, see " + output + ".log");
        check(!refused || hasRefused(output), name + ": a start failed, see " + output + ".log");
        finish(output, seed);
        return new Pair(name, refused, killed, compare(name, output, killed ? 1 : 0, 0));
    }

    /** Some time before the first start trains, or while it does. */
    private void awaitMoment(Process process, Path output) throws IOException, InterruptedException {
        if (random.nextInt(4) == 0) {
            process.waitFor(random.nextInt(1_500), TimeUnit.MILLISECONDS);
            return;
        }
        long step = random.nextLong(STEPS);
        while (process.isAlive() && (startsOf(output) == 0 || stepOf(output) < step)) {
            process.waitFor(1, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean hasRefused(Path output) throws IOException {
        return Files.readString(output.resolveSibling(output.getFileName() + ".log"))
                .contains("Another run is writing to");
    }

    /** A start that follows a finished save goes on from it. */
    private static void checkStart(Path output) throws IOException {
        List<String> rows = Files.readAllLines(output.resolve("starts.csv"));
        String from = rows.get(rows.size() - 1).split(",", -1)[1];
        check(!from.isEmpty() && Long.parseLong(from) > 0, "a start after a save did not go on from it: " + rows);
    }

    private Outcome compare(String name, Path output, int kills, int duringSaves)
            throws IOException, InterruptedException {
        JsonObject result = result(output);
        long seed = result.get("seed").getAsLong();
        Path undisturbed = folder.resolve("undisturbed-" + seed);
        finish(undisturbed, seed);
        JsonObject expected = result(undisturbed);
        for (String key : List.of("weightsSha256", "globalStep", "epochs", "stopReason", "metrics", "testMetrics")) {
            check(same(result, expected, key), name + " differs in " + key + ": " + result + " and " + expected);
        }
        check(metrics(output).equals(metrics(undisturbed)), name + " differs in metrics.csv");
        check(temporaries(output).isEmpty(), name + " left " + temporaries(output));
        long repeated = result.get("stepsExecuted").getAsLong()
                - result.get("globalStep").getAsLong();
        check(
                repeated >= 0 && repeated <= (long) SAVE_EVERY * kills,
                name + " repeated " + repeated + " steps after " + kills + " kills");
        List<Long> resumed = result.getAsJsonArray("resumedFromSteps").asList().stream()
                .map(JsonElement::getAsLong)
                .toList();
        return new Outcome(name, seed, kills, duringSaves, repeated, resumed);
    }

    private static boolean same(JsonObject one, JsonObject other, String key) {
        return String.valueOf(without(one.get(key))).equals(String.valueOf(without(other.get(key))));
    }

    private static @Nullable JsonElement without(@Nullable JsonElement value) {
        if (value != null && value.isJsonObject()) {
            value.getAsJsonObject().remove("epoch_time");
            value.getAsJsonObject().remove("samples_per_second");
            value.getAsJsonObject().remove("data_time");
        }
        return value;
    }

    private void finish(Path output, long seed) throws IOException, InterruptedException {
        if (!Files.exists(output.resolve("result.json"))) {
            check(start(output, seed).waitFor() == 0, "the undisturbed run failed, see " + output + ".log");
        }
    }

    private Process start(Path output, @Nullable Long seed) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MnistCnn.class.getName(),
                "--data=" + data,
                "--batch-size=" + BATCH_SIZE,
                "--epochs=" + EPOCHS,
                "--save-every=" + SAVE_EVERY,
                "--resume",
                "--output=" + output));
        if (seed != null) {
            command.add("--seed=" + seed);
        }
        Path log = output.resolveSibling(output.getFileName() + ".log");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /**
     * Kills a process some time after a random step, or as soon as it saves after that; now and then before it trains.
     * False if it ended before.
     */
    private boolean kill(Process process, Path output) throws IOException, InterruptedException {
        boolean whileSaving = random.nextInt(3) > 0;
        long step = random.nextLong(whileSaving ? STEPS - SAVE_EVERY : STEPS);
        long delayMillis = random.nextInt(40);
        if (random.nextInt(10) == 0) {
            process.waitFor(random.nextInt(2_000), TimeUnit.MILLISECONDS);
        } else {
            long before = startsOf(output);
            while (process.isAlive() && (startsOf(output) == before || stepOf(output) < step)) {
                process.waitFor(1, TimeUnit.MILLISECONDS);
            }
            process.waitFor(delayMillis, TimeUnit.MILLISECONDS);
            while (whileSaving && process.isAlive() && !isSaving(output)) {
                Thread.onSpinWait();
            }
        }
        boolean running = process.isAlive();
        process.destroyForcibly();
        process.waitFor();
        return running && process.exitValue() != 0;
    }

    private static long startsOf(Path output) throws IOException {
        Path starts = output.resolve("starts.csv");
        return Files.exists(starts) ? Files.readAllLines(starts).size() : 0;
    }

    /** The global step of the newest start. A row that grows while it is read may be followed by half of its end. */
    private static long stepOf(Path output) throws IOException {
        List<String> rows = Files.readAllLines(output.resolve("starts.csv")).stream()
                .filter(row -> !row.isEmpty())
                .toList();
        String[] cells = rows.get(rows.size() - 1).split(",", -1);
        return (cells[1].isEmpty() ? 0 : Long.parseLong(cells[1])) + Long.parseLong(cells[2]);
    }

    /** Whether a checkpoint is half written: looked at in a tight loop, so without streams. */
    private static boolean isSaving(Path output) {
        String[] names = output.resolve("checkpoints").toFile().list();
        if (names != null) {
            for (String name : names) {
                if (name.endsWith(".lightning4j-tmp")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Path> temporaries(Path output) {
        return files(output, "tmp");
    }

    private static boolean hasCheckpoint(Path output) {
        return !files(output, ".safetensors").isEmpty();
    }

    private static List<Path> files(Path output, String ending) {
        if (!Files.exists(output)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(output)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static JsonObject result(Path output) throws IOException {
        return JsonParser.parseString(Files.readString(output.resolve("result.json")))
                .getAsJsonObject();
    }

    /** The rows without the columns of times; that of the test, which each start that finds the run over repeats, once. */
    private static List<String> metrics(Path output) throws IOException {
        List<String> rows = new ArrayList<>(rowsWithoutTimes(output));
        while (rows.get(rows.size() - 1).equals(rows.get(rows.size() - 2))) {
            rows.remove(rows.size() - 1);
        }
        return rows;
    }

    private static List<String> rowsWithoutTimes(Path output) throws IOException {
        List<List<String>> rows = Files.readAllLines(output.resolve("metrics.csv")).stream()
                .map(line -> (List<String>) new ArrayList<>(List.of(line.split(",", -1))))
                .toList();
        int time = rows.get(0).indexOf("epoch_time");
        int speed = rows.get(0).indexOf("samples_per_second");
        int wait = rows.get(0).indexOf("data_time");
        rows.subList(1, rows.size()).forEach(row -> {
            row.set(time, "");
            row.set(speed, "");
            row.set(wait, "");
        });
        return rows.stream().map(row -> String.join(",", row)).toList();
    }

    private static void check(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }
}
