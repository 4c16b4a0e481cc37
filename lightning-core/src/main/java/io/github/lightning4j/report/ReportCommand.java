package io.github.lightning4j.report;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link Report} as a command: {@code java -cp ... io.github.lightning4j.report.ReportCommand runs/a runs/b -o compare.html}.
 */
public final class ReportCommand {
    private static final String USAGE = """
            Usage: ReportCommand RUN... [-o FILE]
            Puts runs on one page, FILE, or report.html.
              RUN      a run directory, or a folder of several; it needs metrics.csv, metrics.jsonl or report.jsonl
              -o FILE  where to write; without it, one run's page goes into its directory
            """;

    private final List<Path> runs = new ArrayList<>();
    private @Nullable Path page;
    private boolean help;

    private ReportCommand() {}

    /**
     * Runs the command and, unless all went well, ends the JVM with its exit code.
     *
     * @param args run directories and {@code -o FILE}
     */
    public static void main(String... args) {
        int exitCode = run(System.out, System.err, args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /**
     * Runs the command.
     *
     * @param out where it says what was written
     * @param err where it says what was wrong
     * @param args run directories and {@code -o FILE}
     * @return 0 if the page was written, 1 if it could not be, 2 if the arguments are not as they have to be
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        ReportCommand command = new ReportCommand();
        try {
            command.parse(List.of(args));
            if (command.help) {
                out.print(USAGE);
                return 0;
            }
            out.println(command.write());
            return 0;
        } catch (ConfigurationException e) {
            err.println(e.getMessage());
            return 2;
        } catch (LightningException | IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private void parse(List<String> args) throws IOException {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("-h") || arg.equals("--help")) {
                help = true;
            } else if (arg.equals("-o") || arg.equals("--output")) {
                if (++i == args.size()) {
                    throw new ConfigurationException(arg + " needs a file behind it.\n" + USAGE);
                }
                page = Path.of(args.get(i));
            } else if (arg.startsWith("-")) {
                throw new ConfigurationException("There is no option " + arg + ".\n" + USAGE);
            } else {
                addRuns(Path.of(arg));
            }
        }
        if (!help && runs.isEmpty()) {
            throw new ConfigurationException("No run was named.\n" + USAGE);
        }
    }

    /** A run, or the runs in a folder. */
    private void addRuns(Path path) throws IOException {
        if (RunReader.isRun(path) || !Files.isDirectory(path)) {
            runs.add(path);
            return;
        }
        try (Stream<Path> children = Files.list(path)) {
            List<Path> inside = children.filter(RunReader::isRun).sorted().toList();
            runs.addAll(inside.isEmpty() ? List.of(path) : inside);
        }
    }

    private Path write() {
        if (runs.size() == 1 && page == null) {
            return Report.write(runs.get(0));
        }
        Path target = page == null ? Path.of(Report.PAGE) : page;
        Report.compare(runs, target);
        return target.toAbsolutePath();
    }
}
