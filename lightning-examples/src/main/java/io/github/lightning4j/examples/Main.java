package io.github.lightning4j.examples;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Lists the examples and runs the one that is named. */
@Command(
        name = "lightning-examples",
        header = "Each example trains a model on this machine and needs nothing else.",
        synopsisSubcommandLabel = "EXAMPLE",
        commandListHeading = "%nExamples:%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Start with mnist-cnn. 'EXAMPLE --help' tells an example's options."},
        subcommands = {
            MnistCnn.class,
            MnistMlp.class,
            LinearRegression.class,
            CharTransformer.class,
            TimeSeries.class,
            ImageTransfer.class,
            Autoencoder.class,
            Gan.class,
            WganGp.class,
            CrossValidate.class,
            Tune.class,
            SearchDigits.class,
            ResumeDemo.class,
            TextFinetune.class
        })
public final class Main implements Callable<Integer> {
    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Show this and end.")
    private boolean help;

    /** Creates the command. */
    public Main() {}

    /**
     * Runs an example.
     *
     * @param args its name and options; without any, the examples are listed
     */
    public static void main(String... args) {
        start(new Main(), args);
    }

    /** Runs a command and, unless all went well, ends the JVM with its exit code. */
    static void start(Callable<Integer> command, String... args) {
        int exitCode = run(command, args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /**
     * Runs a command.
     *
     * @return 0 if it did what was asked, 1 after a failure nobody foresaw, 2 if an option or a file is not as it has to be,
     *     3 if it was interrupted as asked
     */
    static int run(Callable<Integer> command, String... args) {
        System.setProperty("java.awt.headless", "true");
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        OneLineErrors errors = new OneLineErrors();
        return new CommandLine(command)
                .setDefaultValueProvider(FileDefaults.of(args))
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .execute(args);
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return 0;
    }
}
