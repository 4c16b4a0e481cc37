package io.github.lightning4j.report;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes pages of what runs have left in their directories. {@link ReportLogger} makes that of a run while it runs; these are
 * for several runs on one page, and for runs that have none. {@code metrics.csv} or {@code metrics.jsonl} is enough.
 */
public final class Report {
    /** The page of a run, in its directory. */
    static final String PAGE = "report.html";

    private Report() {}

    /**
     * Writes {@code report.html} of one run into its directory, or writes it anew: of a run that was killed, say.
     *
     * @param run the run directory
     * @return the page
     * @throws ConfigurationException if there is no run in it
     * @throws CheckpointException if what the run has left is damaged
     * @throws LightningException if the page cannot be written
     */
    public static Path write(Path run) {
        Path page = run.resolve(PAGE);
        writing(page, () -> Page.write(page, List.of(RunReader.read(run, RunNames.of(run)))));
        return page;
    }

    /**
     * Puts runs on one page: a chart for each metric with a line for each run, the hyperparameters in which they differ,
     * and their values side by side.
     *
     * @param runs the run directories, one or more
     * @param page the file to be written; one of that name is replaced
     * @throws ConfigurationException if no run is named, or there is no run in one of the directories
     * @throws CheckpointException if what a run has left is damaged
     * @throws LightningException if the page cannot be written
     */
    public static void compare(List<Path> runs, Path page) {
        if (runs.isEmpty()) {
            throw new ConfigurationException("Report.compare was given no runs. Name at least one run directory.");
        }
        writing(page, () -> Page.write(page, read(runs)));
    }

    private static List<ReportedRun> read(List<Path> runs) throws IOException {
        List<String> names = RunNames.of(runs);
        List<ReportedRun> read = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            read.add(RunReader.read(runs.get(i), names.get(i)));
        }
        return read;
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void writing(Path page, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new LightningException("The report " + page + " could not be written: " + e + ".", e);
        }
    }
}
