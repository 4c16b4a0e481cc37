package io.github.lightning4j.logger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Reduction;
import io.github.lightning4j.callback.HistogramMonitor;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.EventFile;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.logger.tensorboard.TensorBoardLogger;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.plot.ImageGrid;
import io.github.lightning4j.report.Report;
import io.github.lightning4j.report.ReportLogger;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/logging.md, which are parts of this class. */
class LoggingGuideTest {
    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.of(data.classes(64), 16, true);
    private final DataLoader val = DataLoader.of(data.classes(32), 16);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "logging.md");
    }

    @Test
    void csvAndSlf4j() throws IOException {
        Trainer trainer = Trainer.builder()
                .maxEpochs(3)
                .logEveryNSteps(2)
                .loggers(new CsvLogger(), new Slf4jLogger())
                .runDirectory(directory)
                .build();
        trainer.fit(new Lit(), train, val);

        List<String> lines = Files.readAllLines(directory.resolve("metrics.csv"));
        assertThat(lines).hasSize(1 + 3 * 4);
        assertThat(lines.get(0).split(","))
                .startsWith("step", "epoch", "train_loss")
                .contains(
                        "val_loss",
                        "val_acc",
                        "both_step",
                        "both_epoch",
                        "largest",
                        "epoch_time",
                        "samples_per_second",
                        "data_time");
        assertThat(lines.get(1)).startsWith("2,0,");
        assertThat(lines.get(lines.size() - 1)).startsWith("12,2,");
    }

    /** Shows what is not a number; as an image grid, single numbers do. */
    private static final class Showing extends BoringModule {
        Showing() {
            super(Map.of("lr", 0.1));
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            NDArray images = batch.getData().head();
            logItem("digits", () -> ImageGrid.of(images, 8).toImage());
        }

        @Override
        public void onValidationEpochEnd() {
            logItem("note", () -> new LogItem.Text("Epoch **" + run().epoch() + "** is through."));
        }
    }

    @Test
    void tensorBoard() throws IOException {
        Trainer trainer = Trainer.builder()
                .maxEpochs(3)
                .logEveryNSteps(1)
                .loggers(new CsvLogger(), new TensorBoardLogger())
                .callbacks(LearningRateMonitor.everyEpoch(), new HistogramMonitor())
                .runDirectory(directory)
                .build();
        try (Showing module = new Showing()) {
            trainer.fit(module, data.regression(8, 4), data.regression(4, 4));
            DataLoader images = DataLoader.of(
                    TensorDataset.of(
                            data.manager().ones(new Shape(4, 1, 2, 2)),
                            data.manager().ones(new Shape(4))),
                    4);
            trainer.test(module, images);
        }

        List<String> tags = EventFile.read(directory.resolve("events.out.tfevents.lightning4j")).stream()
                .flatMap(event -> event.values().stream())
                .map(EventFile.Value::tag)
                .toList();
        assertThat(tags).contains("note", "digits", "_hparams_/session_start_info");
        assertThat(tags.stream().filter("train_loss"::equals)).hasSize(6);
        for (String each : List.of(
                "val_loss",
                "lr-SGD",
                "epoch_time",
                "samples_per_second",
                "weights/layer.weight",
                "gradients/layer.bias")) {
            assertThat(tags.stream().filter(each::equals)).as(each).hasSize(3);
        }
        assertThat(tags).contains("epoch");
    }

    @Test
    void report() throws IOException {
        Trainer reported = Trainer.builder()
                .maxEpochs(3)
                .loggers(new CsvLogger(), new ReportLogger())
                .callbacks(LearningRateMonitor.everyStep())
                .runDirectory(directory)
                .build();
        reported.fit(new Lit(), train, val);
        Path runs = directory.resolve("runs");
        for (String run : List.of("first", "second")) {
            csvTrainer(runs.resolve(run), 1).fit(new Lit(), train, val);
        }
        Report.compare(List.of(runs.resolve("first"), runs.resolve("second")), runs.resolve("compare.html"));

        assertThat(directory.resolve("report.html")).content().contains("\"lr-Adam\"", "\"val_acc\"");
        assertThat(runs.resolve("compare.html")).content().contains("\"first\"", "\"second\"");
    }

    @Test
    void aResumedFit_endsWithTheRowsOfAnUninterruptedOne() throws IOException {
        Path whole = directory.resolve("whole");
        Path parts = directory.resolve("parts");
        csvTrainer(whole, 4).fit(new Lit(), train, val);
        csvTrainer(parts, 2).fit(new Lit(), train, val);
        Path csv = parts.resolve("metrics.csv");
        Files.writeString(csv, Files.readString(csv) + "9,2,0.1,lost");
        csvTrainer(parts, 4).fit(new Lit(), train, val, CkptPath.last());

        assertThat(rowsWithoutTimes(csv)).hasSize(17).isEqualTo(rowsWithoutTimes(whole.resolve("metrics.csv")));
    }

    @Test
    void aLoggerOfOnesOwn() {
        Printing logger = new Printing();
        Trainers.quiet()
                .loggers(logger)
                .logEveryNSteps(4)
                .runDirectory(directory)
                .build()
                .fit(new Lit(), train, val);

        assertThat(logger.lines).contains("4 train_loss 0.").contains("4 val_acc 0.");
    }

    private static Trainer csvTrainer(Path directory, int epochs) {
        return Trainers.quiet()
                .maxEpochs(epochs)
                .logEveryNSteps(2)
                .loggers(new CsvLogger())
                .enableCheckpointing(true)
                .runDirectory(directory)
                .build();
    }

    private static List<String> rowsWithoutTimes(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        List<String> header = List.of(lines.get(0).split(","));
        return lines.stream()
                .map(line -> {
                    String[] cells = line.split(",", -1);
                    cells[header.indexOf("epoch_time")] = "";
                    cells[header.indexOf("samples_per_second")] = "";
                    cells[header.indexOf("data_time")] = "";
                    return String.join(",", cells);
                })
                .toList();
    }

    static final class Printing implements Logger {
        final StringBuilder lines = new StringBuilder();

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            metrics.forEach((name, value) -> lines.append(step)
                    .append(' ')
                    .append(name)
                    .append(' ')
                    .append(value)
                    .append('\n'));
        }
    }

    private static final class Lit extends LightningModule {
        private static final LogOptions ON_BAR = LogOptions.progressBar();
        private static final LogOptions BOTH =
                LogOptions.defaults().onStep(true).onEpoch(true);
        private static final LogOptions LARGEST =
                LogOptions.defaults().onStep(false).onEpoch(true).reduce(Reduction.MAX);

        private final Block net =
                addChildBlock("net", Linear.builder().setUnits(2).build());
        private final Accuracy accuracy = metric("val_acc", new Accuracy(2));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
            log("train_loss", loss, ON_BAR);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
            accuracy.update(logits, batch.getLabels().head());
            log("val_acc", accuracy, ON_BAR);
        }

        @Override
        public void onAfterBackward() {
            log("both", run().batchesDone(), BOTH);
            log("largest", run().batchesDone(), LARGEST);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.1).build();
        }
    }
}
