package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.logger.JsonLinesLogger;
import io.github.lightning4j.logger.Slf4jLogger;
import io.github.lightning4j.logger.tensorboard.TensorBoardLogger;
import io.github.lightning4j.report.ReportLogger;
import io.github.lightning4j.testing.MemoryLogger.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LoggerKitTest {
    private static final Pattern LINE = Pattern.compile("epoch (\\d+), step (\\d+): (.*)");

    @TestFactory
    Stream<DynamicTest> csvLogger_passesAllChecks() {
        return Checks.tests(
                "CsvLogger",
                LoggerKit.checks(CsvLogger::new, (logger, directory) -> CsvRows.of(directory.resolve("metrics.csv"))));
    }

    @TestFactory
    Stream<DynamicTest> jsonLinesLogger_passesAllChecks() {
        return Checks.tests(
                "JsonLinesLogger",
                LoggerKit.checks(
                        JsonLinesLogger::new, (logger, directory) -> JsonRows.of(directory.resolve("metrics.jsonl"))));
    }

    @TestFactory
    Stream<DynamicTest> reportLogger_passesAllChecks() {
        return Checks.tests(
                "ReportLogger",
                LoggerKit.checks(
                        ReportLogger::new,
                        (logger, directory) -> JsonRows.reported(directory.resolve("report.jsonl"))));
    }

    @TestFactory
    Stream<DynamicTest> tensorBoardLogger_passesAllChecks() {
        return Checks.tests(
                "TensorBoardLogger",
                LoggerKit.checks(
                        TensorBoardLogger::new,
                        (logger, directory) -> EventRows.of(directory.resolve("events.out.tfevents.lightning4j"))));
    }

    @TestFactory
    Stream<DynamicTest> memoryLogger_passesAllChecks() {
        return Checks.tests(
                "MemoryLogger",
                LoggerKit.builder(MemoryLogger::new, (logger, directory) -> logger.rows())
                        .appendOnly()
                        .build()
                        .checks());
    }

    @TestFactory
    Stream<DynamicTest> slf4jLogger_passesAllChecks() {
        Map<Slf4jLogger, ListAppender<ILoggingEvent>> lines = new IdentityHashMap<>();
        return Checks.tests(
                "Slf4jLogger",
                LoggerKit.builder(() -> capturing(lines), (logger, directory) -> rows(lines.get(logger)))
                        .appendOnly()
                        .tolerance(1e-5)
                        .build()
                        .checks());
    }

    private static Slf4jLogger capturing(Map<Slf4jLogger, ListAppender<ILoggingEvent>> lines) {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        ch.qos.logback.classic.Logger target = new LoggerContext().getLogger("metrics");
        target.addAppender(appender);
        Slf4jLogger logger = new Slf4jLogger(target);
        lines.put(logger, appender);
        return logger;
    }

    private static List<Row> rows(ListAppender<ILoggingEvent> lines) {
        return lines.list.stream()
                .map(event -> LINE.matcher(event.getFormattedMessage()))
                .filter(Matcher::matches)
                .map(LoggerKitTest::row)
                .toList();
    }

    private static Row row(Matcher line) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String part : line.group(3).split(", ")) {
            int equals = part.lastIndexOf('=');
            values.put(part.substring(0, equals), Double.valueOf(part.substring(equals + 1)));
        }
        return new Row(Long.parseLong(line.group(2)), Long.parseLong(line.group(1)), values);
    }

    @Test
    void aGoodLogger_passesAllChecks() throws Exception {
        Checks.assertFailures(LoggerKit.checks(Good::new, Good::rows));
    }

    @Test
    void loggerThatRepeatsRows_isCaught() throws Exception {
        Checks.assertFailures(
                LoggerKit.checks(
                        () -> new Good() {
                            @Override
                            public void load(StateReader state) {
                                state.getLong("rows");
                            }
                        },
                        Good::rows),
                "resumed inside an epoch \\| the step of row 10: 9 was expected, but it is 8",
                "resumed between epochs \\| ");
    }

    @Test
    void loggerThatDropsWhatIsNotFinite_isCaught() throws Exception {
        Checks.assertFailures(
                LoggerKit.checks(
                        () -> new Good() {
                            @Override
                            public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
                                Map<String, Double> finite = new LinkedHashMap<>(metrics);
                                finite.values().removeIf(value -> !Double.isFinite(value));
                                super.logMetrics(finite, step, epoch);
                            }
                        },
                        Good::rows),
                "writes NaN, infinities and extremes \\| the names of row 0: \\[.*number.*\\] was expected");
    }

    @Test
    void loggerThatCountsEpochsFromOne_isCaught() throws Exception {
        List<String> failures = Checks.failures(LoggerKit.checks(
                () -> new Good() {
                    @Override
                    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
                        super.logMetrics(metrics, step, epoch + 1);
                    }
                },
                Good::rows));
        assertThat(failures).contains("writes each row in order | the epoch of row 0: 0 was expected, but it is 1.");
    }

    @Test
    void loggerThatWritesAtTheEndAlone_isCaught() throws Exception {
        Checks.assertFailures(
                LoggerKit.checks(
                        () -> new Good() {
                            private final List<Row> pending = new ArrayList<>();

                            @Override
                            public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
                                pending.add(new Row(step, epoch, metrics));
                            }

                            @Override
                            public void finish(boolean failure) {
                                written().addAll(pending);
                                pending.clear();
                            }

                            @Override
                            public void save(StateWriter state) {
                                state.putLong("rows", written().size() + pending.size());
                            }
                        },
                        Good::rows),
                "shows its rows after flush \\| the number of rows: .* was expected, but it is 0");
    }

    @Test
    void loggerThatLosesTheRowsOfAFailure_isCaught() throws Exception {
        Checks.assertFailures(
                LoggerKit.builder(
                                () -> new Good() {
                                    @Override
                                    public void finish(boolean failure) {
                                        if (failure) {
                                            written().clear();
                                        }
                                    }
                                },
                                Good::rows)
                        .appendOnly()
                        .build()
                        .checks(),
                "keeps its rows when the run fails \\| the number of rows: .* was expected, but it is 0");
    }

    /** Writes rows to what a test takes for a disk. */
    private static class Good implements Logger {
        private static final Map<Path, List<Row>> DISK = new HashMap<>();
        private @Nullable Path directory;

        @Override
        public void start(Run run) {
            directory = run.directory();
        }

        List<Row> written() {
            return DISK.computeIfAbsent(directory, path -> new ArrayList<>());
        }

        List<Row> rows(Path path) {
            return List.copyOf(DISK.getOrDefault(path, List.of()));
        }

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            written().add(new Row(step, epoch, Map.copyOf(metrics)));
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("rows", written().size());
        }

        @Override
        public void load(StateReader state) {
            int rows = (int) state.getLong("rows");
            if (rows < written().size()) {
                written().subList(rows, written().size()).clear();
            }
        }
    }
}
