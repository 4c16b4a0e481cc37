package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.testing.MemoryLogger.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** What {@link LoggerKit} finds out about a logger. */
record LoggerChecks<L extends Logger>(
        Supplier<L> logger, LoggerKit.Reader<L> reader, double tolerance, Training training, TemporaryFolder folder) {
    private static final double[] NUMBERS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e-300,
        -1.7e300,
        0.1 + 0.2,
        -0.0,
        123456789012345.0
    };

    private static final List<String> NAMES =
            List.of("plain", "with space", "a,b", "\"quoted\"", "val/größe", "=1+1", "a'b;c\\d", "x".repeat(200));

    void writesEachRow() {
        expectAllRows(training);
    }

    /** A different number each batch. */
    void writesAnyNumber() {
        expectAllRows(training.ofModule(() -> new Sample.Net() {
            private int batches;

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                log("number", NUMBERS[batches++ % NUMBERS.length]);
                return super.trainingStep(batch, batchIndex);
            }
        }));
    }

    /** One more name each batch, so that most come late. */
    void writesAnyName() {
        expectAllRows(training.ofModule(() -> new Sample.Net() {
            private int batches;

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                log(NAMES.get(batches % NAMES.size()), batches++);
                return super.trainingStep(batch, batchIndex);
            }
        }));
    }

    private void expectAllRows(Training run) {
        L written = logger.get();
        MemoryLogger memory = new MemoryLogger();
        Path directory = folder.resolve("run");
        run.logged(directory, memory, written);
        expectRows(memory.rows(), read(written, directory));
    }

    void showsRowsAfterFlush() {
        L written = logger.get();
        MemoryLogger memory = new MemoryLogger();
        Path directory = folder.resolve("run");
        boolean[] compared = {false};
        Callback flushing = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                if (run.epoch() == 1 && batchIndex == 1) {
                    written.flush();
                    expectRows(memory.rows(), read(written, directory));
                    compared[0] = true;
                }
            }
        };
        training.with(() -> flushing).logged(directory, memory, written);
        Expect.that(compared[0], "The run was too short.");
    }

    void keepsRowsOfAFailure() {
        L written = logger.get();
        MemoryLogger memory = new MemoryLogger();
        Path directory = folder.resolve("run");
        training.failed(directory, new PowerCut(directory, Place.INSIDE_EPOCH), memory, written);
        expectRows(memory.rows(), read(written, directory));
    }

    void writesASecondRun() {
        L written = logger.get();
        training.logged(folder.resolve("first"), written);
        Path second = folder.resolve("second");
        MemoryLogger memory = new MemoryLogger();
        training.logged(second, memory, written);
        List<Row> expected = memory.rows();
        expectRows(expected, newest(expected.size(), read(written, second)));
    }

    void resumes(Place place, boolean appendOnly) {
        Path directory = folder.resolve("run");
        PowerCut cut = new PowerCut(directory, place);
        MemoryLogger memory = new MemoryLogger();
        training.failed(directory, cut, memory, logger.get());
        L second = logger.get();
        int[] kept = {0};
        Probe resumed = new Probe(directory, null) {
            @Override
            public void onFitStart(Run run) {
                kept[0] = memory.rows().size();
            }
        };
        training.resumed(directory, resumed, cut.saved(), memory, second);
        List<Row> expected = appendOnly ? newest(memory.rows().size() - kept[0], memory.rows()) : memory.rows();
        List<Row> actual = read(second, directory);
        expectRows(expected, appendOnly ? newest(expected.size(), actual) : actual);
    }

    private List<Row> read(L written, Path directory) {
        try {
            return reader.rows(written, directory);
        } catch (Exception e) {
            throw new AssertionError("The rows could not be read: " + e, e);
        }
    }

    private static List<Row> newest(int count, List<Row> rows) {
        return rows.subList(Math.max(0, rows.size() - count), rows.size());
    }

    private void expectRows(List<Row> expected, List<Row> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            expectRow("row " + i, expected.get(i), actual.get(i).withoutTimes());
        }
        Expect.equal("the number of rows", expected.size(), actual.size());
    }

    private void expectRow(String what, Row expected, Row actual) {
        Expect.equal("the step of " + what, expected.step(), actual.step());
        Expect.equal("the epoch of " + what, expected.epoch(), actual.epoch());
        Expect.equal(
                "the names of " + what,
                expected.values().keySet(),
                actual.values().keySet());
        expected.values()
                .forEach((name, value) -> Expect.close(
                        "'" + name + "' of " + what, value, actual.values().getOrDefault(name, Double.NaN), tolerance));
    }
}
