package io.github.lightning4j.report;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.FakeRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Runs with everything in them that a report can show, without training. */
final class Recorded {
    static final String HOSTILE = "</script><img src=x onerror=\"document.title='taken'\">'&amp;\u2028";

    private Recorded() {}

    /** A run of so many steps, of which each logs a row, in ten epochs. */
    static ReportLogger run(Path directory, int steps, double rate) {
        ReportLogger logger = new ReportLogger();
        try (BoringModule module = new BoringModule()) {
            FakeRun run = FakeRun.fit(directory).start();
            run.module = module;
            logger.start(run);
            logger.logHyperparameters(new TreeMap<>(Map.of("lr", rate, "layers", List.of(64, 10), "note", HOSTILE)));
            for (int step = 1; step <= steps; step++) {
                logger.logMetrics(row(step, steps, rate), step, (step - 1) * 10L / steps);
            }
            items(logger, steps);
            run.stopReason = "maxEpochs=10 reached";
            logger.finish(false);
        }
        return logger;
    }

    private static Map<String, Double> row(int step, int steps, double rate) {
        double done = (double) step / steps;
        double noise = Math.sin(step * 12.9898) * 43758.5453 % 1;
        Map<String, Double> row = new TreeMap<>();
        row.put("train_loss", step == steps / 3 ? Double.NaN : 2.3 * Math.exp(-5 * done * (1 + rate)) + 0.1 * noise);
        row.put("lr-Adam", rate * (0.5 + 0.5 * Math.cos(Math.PI * done)));
        if (step % Math.max(1, steps / 10) == 0) {
            row.put("val_loss", 2.1 * Math.exp(-4 * done) + 0.2 * done);
            row.put("val_acc", 0.99 - Math.exp(-5 * done * (1 + rate)));
            row.put("val_f1_0", 0.97 - Math.exp(-6 * done));
            row.put("val_f1_1", 0.93 - Math.exp(-4 * done));
            row.put("epoch_time", 1.5 + 0.1 * noise);
            row.put("samples_per_second", 2000 + 100 * noise);
            row.put(HOSTILE, done == 0.5 ? Double.POSITIVE_INFINITY : done);
        }
        if (step == steps) {
            row.put("test_loss", 0.25);
        }
        return row;
    }

    private static void items(ReportLogger logger, int step) {
        logger.logItem("val_confusion", new LogItem.Figure(confusion(10)), step, 9);
        logger.logItem("val_pr", new LogItem.Figure(precisionRecall()), step, 9);
        logger.logItem("wrong digits", picture(), step, 9);
        logger.logItem("notes", new LogItem.Text("# Notes\n" + HOSTILE + "\nThe **second** line."), step, 9);
        logger.logItem(
                "samples",
                new LogItem.Table(
                        List.of("text", "label", HOSTILE),
                        List.of(List.of("good", "1", "a"), List.of(HOSTILE, "0", ""))),
                step,
                9);
        logger.logItem(
                "weights/layer.weight",
                new LogItem.Histogram(new double[] {-1, 0, 1, 2}, new long[] {3, 40, 35, 2}, -2, 2, 1, 9, 1),
                step,
                9);
    }

    static MetricValue.Matrix confusion(int classes) {
        List<String> names =
                IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            int row = i;
            rows.add(IntStream.range(0, classes)
                    .mapToObj(j -> row == j ? 95.0 - row : (double) ((row * 7 + j * 3) % 11 == 0 ? row % 4 + 1 : 0))
                    .toList());
        }
        return new MetricValue.Matrix(names, names, rows);
    }

    private static MetricValue.Curve precisionRecall() {
        List<MetricValue.Line> lines = IntStream.range(0, 3)
                .mapToObj(line -> {
                    List<Double> recall = IntStream.rangeClosed(0, 2000)
                            .mapToObj(i -> 1 - i / 2000.0)
                            .toList();
                    List<Double> precision = recall.stream()
                            .map(x -> 1 - Math.pow(x, 6 - line) * (0.3 + 0.1 * line))
                            .toList();
                    return new MetricValue.Line("class " + line, recall, precision, recall.subList(0, 2000));
                })
                .toList();
        return new MetricValue.Curve("recall", "precision", lines);
    }

    private static LogItem.Image picture() {
        int width = 8 * 29 + 1;
        int height = 2 * 29 + 1;
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width % 29;
            int y = i / width % 29;
            pixels[i] = x == 0 || y == 0 ? 0x404040 : Math.hypot(x - 14, y - 14) < 9 ? 0xffffff : 0;
        }
        return new LogItem.Image(width, height, pixels);
    }
}
