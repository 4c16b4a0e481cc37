package io.github.lightning4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.HistogramMonitor;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.logger.OnFailure;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of a real run holds, whatever becomes of the run. */
class ReportLoggerTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    /** Shows a picture of its batch. */
    private static class Showing extends BoringModule {
        Showing() {
            super(Map.of("lr", 0.1, "net", "linear"));
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            super.validationStep(batch, batchIndex);
            NDArray picture = batch.getData().head().getManager().ones(new Shape(2, 3));
            logItem("picture", () -> LogItem.Image.of(picture));
        }
    }

    private static Trainer.Builder trainer(Path directory, ReportLogger logger) {
        return Trainers.quiet()
                .maxEpochs(4)
                .logEveryNSteps(1)
                .runDirectory(directory)
                .loggers(logger)
                .callbacks(LearningRateMonitor.everyStep(), new HistogramMonitor());
    }

    private static ModelCheckpoint best() {
        return ModelCheckpoint.builder().monitor("val_loss").build();
    }

    private void fit(Trainer trainer) {
        try (Showing module = new Showing()) {
            trainer.fit(module, data.regression(16, 4), data.regression(8, 4));
        }
    }

    private JsonObject page() throws IOException {
        return PageData.of(directory.resolve("report.html"));
    }

    @Test
    void aRun_leavesAPageWithAllThatIsKnownOfIt() throws IOException {
        fit(trainer(directory, new ReportLogger()).callbacks(best()).build());

        JsonObject page = page();
        assertThat(PageData.titles(page)).startsWith("loss").contains("learning rate", "epoch time");
        JsonObject loss = PageData.chart(page, "loss");
        assertThat(PageData.strings(loss.getAsJsonArray("lines"), "name")).containsExactly("train_loss", "val_loss");
        assertThat(PageData.line(loss, "train_loss").getAsJsonArray("x")).hasSize(16);
        JsonObject run = PageData.run(page, 0);
        assertThat(run.getAsJsonObject("end").get("reason").getAsString()).isEqualTo("maxEpochs=4 reached");
        assertThat(run.get("hyperparameters")).isEqualTo(JsonParser.parseString("{\"lr\":0.1,\"net\":\"linear\"}"));
        assertThat(run.get("environment").toString())
                .contains("[\"seed\",\"1\"]", "[\"device\",\"cpu()\"]", "libtorch", System.getProperty("os.name"));
        assertThat(run.getAsJsonObject("model").get("rows").toString()).contains("layer", "Linear");
        JsonObject saved = run.getAsJsonArray("best").get(0).getAsJsonObject();
        assertThat(saved.get("monitor").getAsString()).isEqualTo("val_loss");
        assertThat(saved.get("score").getAsDouble())
                .isEqualTo(PageData.metric(run, "val_loss").get("min").getAsDouble());
        assertThat(PageData.strings(run.getAsJsonArray("checkpoints"), "name"))
                .contains(saved.get("name").getAsString());
        assertThat(PageData.strings(run.getAsJsonArray("items"), "name")).contains("picture", "weights/layer.weight");
    }

    @Test
    void aTestAfterTheFit_joinsItsPage() throws IOException {
        Trainer trainer =
                trainer(directory, new ReportLogger()).callbacks(best()).build();
        try (Showing module = new Showing()) {
            trainer.fit(module, data.regression(16, 4), data.regression(8, 4));
            trainer.test(module, data.regression(8, 4));
        }

        JsonObject page = page();
        assertThat(PageData.strings(PageData.chart(page, "loss").getAsJsonArray("lines"), "name"))
                .containsExactly("train_loss", "val_loss", "test_loss");
        JsonObject run = PageData.run(page, 0);
        assertThat(run.getAsJsonObject("end").get("reason").getAsString()).isEqualTo("maxEpochs=4 reached");
        assertThat(run.getAsJsonArray("best")).hasSize(1);
        assertThat(run.get("starts").getAsInt()).isEqualTo(1);
    }

    /** Fails, or asks the run to stop, after its second epoch. */
    private static Callback after(int epochs, Runnable what) {
        return new Callback() {
            @Override
            public void onTrainEpochStart(Run run) {
                if (run.epoch() == epochs) {
                    what.run();
                }
            }
        };
    }

    private static void fail() {
        throw new IllegalStateException("no luck");
    }

    @Test
    void aRunThatFails_saysWhy() throws IOException {
        Trainer trainer = trainer(directory, new ReportLogger())
                .callbacks(after(2, ReportLoggerTest::fail))
                .build();

        assertThatThrownBy(() -> fit(trainer)).hasMessageContaining("no luck");
        JsonObject end = PageData.run(page(), 0).getAsJsonObject("end");
        assertThat(end.get("failed").getAsBoolean()).isTrue();
        assertThat(end.get("reason").getAsString()).isEqualTo("IllegalStateException: no luck");
        assertThat(PageData.line(PageData.chart(page(), "loss"), "train_loss").getAsJsonArray("x"))
                .hasSize(8);
    }

    @Test
    void aRunThatFailsBeforeItTrains_saysWhy() throws IOException {
        Trainer trainer = trainer(directory, new ReportLogger())
                .callbacks(after(0, ReportLoggerTest::fail))
                .build();

        assertThatThrownBy(() -> fit(trainer)).hasMessageContaining("no luck");
        JsonObject run = PageData.run(page(), 0);
        assertThat(run.getAsJsonObject("end").get("failed").getAsBoolean()).isTrue();
        assertThat(run.getAsJsonObject("model").get("rows").toString()).contains("Linear");
    }

    @Test
    void aResumedRun_hasThePageOfAnUndisturbedOne() throws IOException {
        Path whole = directory.resolve("whole");
        directory = directory.resolve("parts");
        fit(trainer(whole, new ReportLogger())
                .enableCheckpointing(true)
                .autoResume(true)
                .build());
        Trainer failing = trainer(directory, new ReportLogger())
                .enableCheckpointing(true)
                .autoResume(true)
                .callbacks(after(3, ReportLoggerTest::fail))
                .build();
        assertThatThrownBy(() -> fit(failing)).hasMessageContaining("no luck");
        Files.writeString(
                directory.resolve("report.jsonl"),
                Files.readString(directory.resolve("report.jsonl"))
                        + "{\"row\":{\"train_loss\":9.0},\"step\":99,\"epoch\":3,\"seconds\":9}\n");
        fit(trainer(directory, new ReportLogger())
                .enableCheckpointing(true)
                .autoResume(true)
                .build());

        JsonObject resumed = page();
        assertThat(PageData.run(resumed, 0).get("starts").getAsInt()).isEqualTo(2);
        assertThat(untimed(resumed)).isEqualTo(untimed(PageData.of(whole.resolve("report.html"))));
    }

    /** Curves, items and values without those that tell time. */
    private static List<JsonElement> untimed(JsonObject page) {
        JsonObject run = PageData.run(page, 0);
        List<JsonElement> all = new ArrayList<>(List.of(
                run.get("items"),
                run.get("hyperparameters"),
                run.get("epochs"),
                run.get("model"),
                run.getAsJsonObject("end").get("reason")));
        for (JsonElement chart : page.getAsJsonArray("charts")) {
            if (!chart.getAsJsonObject().get("section").getAsString().equals("speed")) {
                all.add(chart);
            }
        }
        for (JsonElement metric : run.getAsJsonArray("metrics")) {
            if (!metric.getAsJsonObject()
                    .get("name")
                    .getAsString()
                    .matches("epoch_time|samples_per_second|data_time")) {
                all.add(metric);
            }
        }
        return all;
    }

    @Test
    void thePage_isThereWhileTheRunGoesOn() {
        List<JsonObject> seen = new ArrayList<>();
        fit(trainer(directory, new ReportLogger(OnFailure.STOP, Duration.ZERO))
                .callbacks(after(1, () -> {
                    try {
                        seen.add(page());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .build());

        assertThat(seen).hasSize(1);
        assertThat(PageData.run(seen.get(0), 0).getAsJsonObject("end").size()).isZero();
        assertThat(PageData.line(PageData.chart(seen.get(0), "loss"), "train_loss")
                        .getAsJsonArray("x"))
                .hasSize(4);
    }

    @Test
    void aRunThatWasKilled_canStillBeReported() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Path running = directory.resolve("running");
        fit(trainer(running, new ReportLogger())
                .callbacks(after(2, () -> {
                    try {
                        String sofar = Files.readString(running.resolve("report.jsonl"));
                        Files.writeString(copy.resolve("report.jsonl"), sofar + "{\"row\":{\"train_l");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .build());
        directory = copy;

        assertThat(Report.write(copy)).isEqualTo(copy.resolve("report.html"));
        JsonArray steps =
                PageData.line(PageData.chart(page(), "loss"), "train_loss").getAsJsonArray("x");
        assertThat(steps).hasSize(8);
        assertThat(PageData.run(page(), 0).getAsJsonObject("end").size()).isZero();
    }

    @Test
    void thePageOfAnotherRun_isLeftAlone() throws IOException {
        Recorded.run(directory, 10, 0.1);
        String before = Files.readString(directory.resolve("report.html"));

        assertThatThrownBy(() -> fit(trainer(directory, new ReportLogger()).build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("already holds a run");
        assertThat(Files.readString(directory.resolve("report.html"))).isEqualTo(before);
    }

    /** A folder stands where the page is to be. */
    private Callback inTheWay() {
        return after(0, () -> {
            try {
                Files.createDirectories(directory.resolve("report.html").resolve("inside"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aPageThatCannotBeWritten_stopsTheRunOrIsDoneWithout() throws Exception {
        Trainer stopping =
                trainer(directory, new ReportLogger()).callbacks(inTheWay()).build();
        assertThatThrownBy(() -> fit(stopping))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("report.html");

        directory = directory.resolve("second");
        Trainer going = trainer(directory, new ReportLogger(OnFailure.WARN_ONCE))
                .callbacks(inTheWay())
                .build();
        fit(going);
        assertThat(Files.isDirectory(directory.resolve("report.html"))).isTrue();
    }

    @Test
    void aTrialRun_leavesNoPage() {
        Trainer trainer =
                Trainers.quiet().loggers(new ReportLogger()).fastDevRun(true).build();
        fit(trainer);
        assertThat(directory).isEmptyDirectory();
    }
}
