package io.github.lightning4j.testing;

import io.github.lightning4j.Logger;
import io.github.lightning4j.Require;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks what every logger promises: each row arrives once and in order, also in a run that fails or is resumed, with
 * whatever numbers and names are in it.
 *
 * <pre>{@code
 * return LoggerKit.checks(CsvLogger::new, (logger, directory) -> rowsOf(directory.resolve("metrics.csv")))
 *         .map(check -> dynamicTest(check.name(), check::run));
 * }</pre>
 *
 * @param <L> the logger's class
 */
public final class LoggerKit<L extends Logger> {
    private final Supplier<L> logger;
    private final Reader<L> reader;
    private final boolean appendOnly;
    private final double tolerance;

    private LoggerKit(Builder<L> builder) {
        logger = builder.logger;
        reader = builder.reader;
        appendOnly = builder.appendOnly;
        tolerance = builder.tolerance;
    }

    /**
     * Reads what a logger has written.
     *
     * @param <L> the logger's class
     */
    @FunctionalInterface
    public interface Reader<L extends Logger> {
        /**
         * Reads the rows.
         *
         * @param logger the logger that wrote them
         * @param directory the run's directory
         * @return the rows, in order; wall-clock figures do not matter
         * @throws Exception if they cannot be read
         */
        List<MemoryLogger.Row> rows(L logger, Path directory) throws Exception;
    }

    /**
     * The checks of a logger that keeps exact numbers and takes back rows when a run is resumed.
     *
     * @param logger makes a new logger, equal each time
     * @param reader reads what a logger has written
     * @param <L> the logger's class
     * @return one by one
     */
    public static <L extends Logger> Stream<Check> checks(Supplier<L> logger, Reader<L> reader) {
        return builder(logger, reader).build().checks();
    }

    /**
     * Starts with the logger.
     *
     * @param logger makes a new logger, equal each time
     * @param reader reads what a logger has written
     * @param <L> the logger's class
     * @return the builder
     */
    public static <L extends Logger> Builder<L> builder(Supplier<L> logger, Reader<L> reader) {
        return new Builder<>(logger, reader);
    }

    /**
     * The checks.
     *
     * @return one by one
     */
    public Stream<Check> checks() {
        return Stream.of(
                check("writes each row in order", LoggerChecks::writesEachRow),
                check("writes NaN, infinities and extremes", LoggerChecks::writesAnyNumber),
                check("writes any name", LoggerChecks::writesAnyName),
                check("shows its rows after flush", LoggerChecks::showsRowsAfterFlush),
                check("keeps its rows when the run fails", LoggerChecks::keepsRowsOfAFailure),
                check("can be used for a second run", LoggerChecks::writesASecondRun),
                check(
                        "has each row once after a run was resumed inside an epoch",
                        each -> each.resumes(Place.INSIDE_EPOCH, appendOnly)),
                check(
                        "has each row once after a run was resumed between epochs",
                        each -> each.resumes(Place.END_OF_EPOCH, appendOnly)));
    }

    private interface Action<L extends Logger> {
        void on(LoggerChecks<L> checks);
    }

    private Check check(String name, Action<L> action) {
        return new Check(name, () -> {
            try (Sample sample = new Sample();
                    TemporaryFolder folder = new TemporaryFolder()) {
                action.on(new LoggerChecks<>(logger, reader, tolerance, sample.training(), folder));
            }
        });
    }

    /**
     * The logger, and what it cannot do.
     *
     * @param <L> the logger's class
     */
    public static final class Builder<L extends Logger> {
        private final Supplier<L> logger;
        private final Reader<L> reader;
        private boolean appendOnly;
        private double tolerance;

        private Builder(Supplier<L> logger, Reader<L> reader) {
            this.logger = logger;
            this.reader = reader;
        }

        /**
         * Says that the logger cannot take back what it has written, as one that prints: the rows between the checkpoint
         * and the interruption then stay.
         *
         * @return this
         */
        public Builder<L> appendOnly() {
            appendOnly = true;
            return this;
        }

        /**
         * Says that the logger rounds.
         *
         * @param relative by how much, relative to the number, a number that is read may differ; by default 0
         * @return this
         */
        public Builder<L> tolerance(double relative) {
            tolerance = Require.notNegative(relative, "LoggerKit tolerance", "");
            return this;
        }

        /**
         * Builds the kit.
         *
         * @return the kit
         */
        public LoggerKit<L> build() {
            return new LoggerKit<>(this);
        }
    }
}
