package io.github.lightning4j.examples;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.callback.HistogramMonitor;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.config.Config;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.logger.tensorboard.TensorBoardLogger;
import io.github.lightning4j.report.ReportLogger;
import io.github.lightning4j.trainer.SignalPolicy;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options all examples share, and the Trainer they describe. */
@Command(abbreviateSynopsis = true, sortOptions = false, showDefaultValues = true, optionListHeading = "%nOptions:%n")
final class TrainingOptions {
    /** The exit code of a run that was interrupted as asked. */
    static final int INTERRUPTED = 3;

    /** The Trainer's options that this class decides, and which of its own does. */
    private static final Map<String, String> DECIDED = Map.of(
            "maxEpochs", "epochs",
            "threads", "threads",
            "seed", "seed",
            "runDirectory", "output",
            "runName", "output",
            "defaultRootDir", "output",
            "autoResume", "resume");

    @Option(
            names = FileDefaults.OPTION,
            paramLabel = "FILE",
            description =
                    "A .yaml or .json file of these options, without the dashes, and of the Trainer's below 'trainer'."
                            + " What stands here counts more.")
    private @Nullable Path config;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data.")
    private int epochs;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate.")
    private double lr;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides everything random. Without it one is drawn and shown.")
    private @Nullable Long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads for one operation. Their number changes the last bits of results.")
    private int threads = 1;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where to write. Without it: runs/EXAMPLE/0, runs/EXAMPLE/1, ...")
    private @Nullable Path output;

    @Option(names = "--resume", description = "Go on with the run in --output, if there is one.")
    private boolean resume;

    @Option(names = "--save-every", paramLabel = "N", description = "Save a checkpoint every N steps as well.")
    private @Nullable Long saveEvery;

    @Option(
            names = "--interrupt-at",
            paramLabel = "N",
            description = "Save after epoch N and end with exit code 3, to try --resume.")
    private @Nullable Integer interruptAt;

    @Option(
            names = "--tensorboard",
            description = "Write events for TensorBoard as well, with rates, parameters and gradients.")
    private boolean tensorboard;

    private @Nullable InterruptAt interrupter;

    /** Sets an example's defaults; without a seed, each run draws one. */
    TrainingOptions(int epochs, double lr, @Nullable Long seed) {
        this.epochs = epochs;
        this.lr = lr;
        this.seed = seed;
    }

    int epochs() {
        return epochs;
    }

    double lr() {
        return lr;
    }

    int threads() {
        return threads;
    }

    /** Starts the Trainer of one of several runs, which says nothing and writes where it is told to. */
    Trainer.Builder quiet() {
        Trainer.Builder builder = unshown();
        saveEvery(builder);
        return builder;
    }

    /** Starts the Trainer of one of several runs, which says and writes nothing. */
    Trainer.Builder unsaved() {
        return unshown().loggers().enableCheckpointing(false);
    }

    /** Refuses what an example that keeps no run has no use for. */
    void refuseToSave() {
        if (saveEvery != null || resume) {
            throw new ConfigurationException((resume ? "--resume" : "--save-every")
                    + " is for examples that keep their run; this one takes some seconds and starts anew.");
        }
    }

    private Trainer.Builder unshown() {
        Trainer.Builder builder = started(epochs).enableProgressBar(false).enableModelSummary(false);
        if (interruptAt != null) {
            throw new ConfigurationException("--interrupt-at is for examples of one run; end this one with Ctrl-C.");
        }
        if (tensorboard) {
            throw new ConfigurationException("--tensorboard is for examples of one run. Leave it out.");
        }
        return config == null ? builder : withOptions(builder, config);
    }

    /** What all Trainers have. */
    private Trainer.Builder started(int epochs) {
        Trainer.Builder builder = Trainer.builder()
                .maxEpochs(Require.atLeast(1, epochs, "--epochs"))
                .threads(threads)
                .defaultRootDir(Path.of("runs"))
                .signals(SignalPolicy.SAVE_AND_EXIT);
        if (seed != null) {
            builder.seed(seed);
        }
        return builder;
    }

    private void saveEvery(Trainer.Builder builder) {
        if (saveEvery != null) {
            builder.callbacks(
                    ModelCheckpoint.builder().everyNTrainSteps(saveEvery).build());
        }
    }

    /**
     * Tells several runs their folder and, if one was given, their seed.
     *
     * @param record the file by which a folder is known that holds such runs already
     */
    void applyTo(String example, String record, Consumer<Path> directory, LongConsumer seeds) {
        if (resume && output == null) {
            throw new ConfigurationException("--resume needs --output DIR, the directory of the run to go on with.");
        }
        if (output != null && !resume && Files.exists(output.resolve(record))) {
            throw new ConfigurationException("--output " + output
                    + " holds a run already. Add --resume to go on with it, or name another directory.");
        }
        directory.accept(folder(example));
        if (seed != null) {
            seeds.accept(seed);
        }
    }

    /** Where to write: what was asked for, or the next free folder. */
    Path folder(String example) {
        return output == null ? nextFolder(example) : output;
    }

    /** The next free folder. */
    static Path nextFolder(String example) {
        int number = 0;
        while (Files.exists(Path.of("runs", example, Integer.toString(number)))) {
            number++;
        }
        return Path.of("runs", example, Integer.toString(number));
    }

    /** Starts the Trainer that the options describe; the example adds what is its own. */
    Trainer.Builder trainer(String example) {
        return trainer(example, epochs, output);
    }

    /** Starts the Trainer of one fit of an example that makes several, each with a directory of its own. */
    Trainer.Builder trainer(String example, String fit, int epochs) {
        return trainer(example + "-" + fit, epochs, output == null ? null : output.resolve(fit));
    }

    private Trainer.Builder trainer(String name, int epochs, @Nullable Path directory) {
        Trainer.Builder builder = started(epochs);
        if (resume && output == null) {
            throw new ConfigurationException("--resume needs --output DIR, the directory of the run to go on with.");
        }
        if (directory != null && !resume && Files.exists(directory.resolve("metrics.csv"))) {
            throw new ConfigurationException("--output " + output
                    + " holds a run already. Add --resume to go on with it, or name another directory.");
        }
        builder.runName(name).loggers(new CsvLogger(), new ReportLogger()).autoResume(resume);
        if (directory != null) {
            builder.runDirectory(directory);
        }
        saveEvery(builder);
        if (tensorboard) {
            builder.loggers(new CsvLogger(), new ReportLogger(), new TensorBoardLogger())
                    .callbacks(LearningRateMonitor.everyEpoch(), new HistogramMonitor());
        }
        if (interruptAt != null) {
            interrupter = new InterruptAt(interruptAt);
            builder.callbacks(interrupter);
        }
        return config == null ? builder : withOptions(builder, config);
    }

    private static Trainer.Builder withOptions(Trainer.Builder builder, Path config) {
        Object section = Config.read(config).get(FileDefaults.TRAINER);
        if (section == null) {
            return builder;
        }
        if (!(section instanceof Map<?, ?> options)) {
            throw new ConfigurationException(
                    config + ": '" + FileDefaults.TRAINER + "' has to be a group of options, but is " + section + ".");
        }
        options.keySet().forEach(name -> {
            String own = DECIDED.get(name);
            if (own != null) {
                throw new ConfigurationException(config + ": '" + name + "' of the Trainer is decided by '" + own
                        + "' here. Give that, outside of '" + FileDefaults.TRAINER + "'.");
            }
        });
        return Config.apply(builder, named(options), config + ": " + FileDefaults.TRAINER);
    }

    private static Map<String, Object> named(Map<?, ?> options) {
        Map<String, Object> named = new LinkedHashMap<>();
        options.forEach((name, value) -> named.put((String) name, value));
        return named;
    }

    /** Whether {@code --interrupt-at} ended the run. */
    boolean wasInterrupted() {
        return interrupter != null && interrupter.hasInterrupted();
    }
}
