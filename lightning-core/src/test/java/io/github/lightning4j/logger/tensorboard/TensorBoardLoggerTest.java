package io.github.lightning4j.logger.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.HistogramMonitor;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.EventFile;
import io.github.lightning4j.fixture.EventFile.Event;
import io.github.lightning4j.fixture.EventFile.Value;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.logger.OnFailure;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.PrecisionRecallCurve;
import io.github.lightning4j.trainer.Trainer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in an event file, read by other means than those that wrote it. */
class TensorBoardLoggerTest {
    private static final String FILE = "events.out.tfevents.lightning4j";

    @TempDir
    Path directory;

    /** Shows one of everything in its steps and hooks. */
    private static class Showing extends BoringModule {
        private int made;

        Showing() {
            super(Map.of("lr", 0.1, "net", "linear", "bias", true));
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray data = batch.getData().head();
            logItem("batch", () -> {
                made++;
                return LogItem.Image.of(data.getManager().ones(new Shape(2, 3)));
            });
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void onValidationEpochEnd() {
            logItem("note", () -> new LogItem.Text("**epoch** " + run().epoch()));
            logItem(
                    "errors",
                    () -> new LogItem.Table(List.of("a|b", "c"), List.of(List.of("1", "2"), List.of("3", "x\ny"))));
        }
    }

    private Trainer.Builder trainer() {
        return Trainers.quiet()
                .maxEpochs(2)
                .logEveryNSteps(2)
                .runDirectory(directory)
                .loggers(new TensorBoardLogger())
                .callbacks(new HistogramMonitor());
    }

    private List<Value> values(String tag) throws IOException {
        return EventFile.read(directory.resolve(FILE)).stream()
                .flatMap(event -> event.values().stream())
                .filter(value -> value.tag().equals(tag))
                .toList();
    }

    @Test
    void everythingLogged_isInTheFile() throws IOException {
        try (TestData data = TestData.open();
                Showing module = new Showing()) {
            trainer().build().fit(module, data.regression(16, 4), data.regression(4, 4));

            List<Event> events = EventFile.read(directory.resolve(FILE));
            assertThat(events.get(0).fileVersion()).isEqualTo("brain.Event:2");
            assertThat(events).allMatch(event -> event.wallTime() > 1.7e9);
            assertThat(events.stream()
                            .filter(event -> event.scalars().containsKey("train_loss"))
                            .map(Event::step))
                    .contains(2L, 4L, 6L, 8L);
            assertThat(module.made).isEqualTo(4);
            assertThat(values("batch")).hasSize(4);
            BufferedImage image = image(values("batch").get(0));
            assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(3, 2);
            assertThat(image.getRGB(2, 1) & 0xffffff).isEqualTo(0xffffff);
            assertThat(values("note").stream().map(TensorBoardLoggerTest::text))
                    .containsExactly("**epoch** 0", "**epoch** 1");
            assertThat(text(values("errors").get(0))).isEqualTo("| a\\|b | c |\n| --- | --- |\n| 1 | 2 |\n| 3 | x y |");
            for (String tag : List.of("weights/layer.weight", "gradients/layer.bias")) {
                assertThat(values(tag)).hasSize(2);
                Map<Integer, List<Object>> histogram =
                        EventFile.message(values(tag).get(0).fields().get(5));
                assertThat(histogram.keySet()).contains(1, 2, 3, 4, 5, 6, 7);
            }
            Map<Integer, List<Object>> plugin =
                    plugin(values("_hparams_/session_start_info").get(0));
            assertThat(EventFile.text(plugin.get(1))).isEqualTo("hparams");
            Map<Integer, List<Object>> start =
                    EventFile.message(EventFile.message(plugin.get(2)).get(3));
            assertThat(start.get(1)).hasSize(3);
        }
    }

    @Test
    void scalars_areWhatWasLogged_andNothingIsMadeUp() throws IOException {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule(Map.of("units", 2)) {}) {
            trainer().callbacks().build().fit(module, data.regression(16, 4), data.regression(4, 4));

            assertThat(EventFile.read(directory.resolve(FILE)).stream()
                            .flatMap(event -> event.scalars().keySet().stream()))
                    .containsOnly("train_loss", "val_loss", "epoch", "epoch_time", "samples_per_second", "data_time");
        }
    }

    /** Logs a metric whose value is a matrix. */
    private static final class Confused extends BoringModule {
        private final ConfusionMatrix matrix =
                metric("confusion", ConfusionMatrix.multiclass(3).build());

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray labels = batch.getData().getManager().create(new long[] {0, 1, 2, 2});
            matrix.update(batch.getData().getManager().create(new long[] {0, 1, 1, 2}), labels);
            log("confusion", matrix);
        }
    }

    @Test
    void aMetricThatIsNoNumber_isShownAtTheEndOfTheEpoch() throws IOException {
        try (TestData data = TestData.open();
                Confused module = new Confused()) {
            trainer().build().fit(module, data.regression(16, 4), data.regression(8, 4));
        }

        assertThat(values("confusion/table").stream().map(TensorBoardLoggerTest::text))
                .hasSize(2)
                .first()
                .asString()
                .endsWith("| 0 | 2 | 0 | 0 |\n| 1 | 0 | 2 | 0 |\n| 2 | 0 | 2 | 2 |");
        assertThat(values("confusion")).hasSize(2);
        BufferedImage picture = image(values("confusion").get(0));
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        assertThat(Arrays.stream(pixels).filter(pixel -> pixel == 0xFF08306B)).hasSizeGreaterThan(3 * 56 * 40);
    }

    /** Logs scores of six samples, three of them positive. */
    private static final class Scored extends BoringModule {
        private final PrecisionRecallCurve curve =
                metric("pr", PrecisionRecallCurve.binary().build());

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray labels = batch.getData().getManager().create(new long[] {0, 0, 1, 0, 1, 1});
            NDArray scores = batch.getData().getManager().create(new float[] {0.1f, 0.3f, 0.35f, 0.8f, 0.9f, 0.95f});
            curve.update(scores, labels);
            log("pr", curve);
        }
    }

    @Test
    void aPrecisionRecallCurve_hasItsCountsAtEvenThresholds() throws IOException {
        try (TestData data = TestData.open();
                Scored module = new Scored()) {
            trainer().build().fit(module, data.regression(16, 4), data.regression(4, 4));
        }

        assertThat(image(values("pr").get(0)).getWidth()).isEqualTo(800);
        Value value = values("pr/pr_curve").get(0);
        assertThat(value.plugin()).isEqualTo("pr_curves");
        Map<Integer, List<Object>> shape =
                EventFile.message(EventFile.message(value.fields().get(8)).get(2));
        assertThat(shape.get(2).stream()
                        .map(size -> EventFile.fields((byte[]) size).get(1).get(0)))
                .containsExactly(6L, 201L);
        FloatBuffer rows = value.content().asFloatBuffer();
        assertThat(rows.remaining()).isEqualTo(6 * 201);
        assertThat(column(rows, 0)).containsExactly(3, 3, 0, 0, 0.5f, 1);
        assertThat(column(rows, 68)).containsExactly(3, 1, 2, 0, 0.75f, 1);
        assertThat(column(rows, 172)).containsExactly(2, 0, 3, 1, 1, 2f / 3);
        assertThat(column(rows, 200)).containsExactly(0, 0, 3, 3, 0, 0);
    }

    private static float[] column(FloatBuffer rows, int threshold) {
        float[] column = new float[6];
        for (int row = 0; row < 6; row++) {
            column[row] = rows.get(row * 201 + threshold);
        }
        return column;
    }

    /** Layers in a row, side by side, and in a block that TensorBoard knows nothing of. */
    private static final class Nested extends BoringModule {
        Nested() {
            addChildBlock(
                    "more <layers>",
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(2).build())
                            .add(new ParallelBlock(outputs -> outputs.get(0))
                                    .add(Activation.reluBlock())
                                    .add(Activation.tanhBlock()))
                            .add(new SequentialBlock().add(Activation.reluBlock())),
                    new Shape(4, TestData.FEATURES));
        }
    }

    @Test
    void theModule_isAGraph() throws IOException {
        try (TestData data = TestData.open();
                Nested module = new Nested()) {
            trainer().build().fit(module, data.regression(16, 4));
        }

        List<Event> graphs = EventFile.read(directory.resolve(FILE)).stream()
                .filter(event -> event.graph() != null)
                .toList();
        assertThat(graphs).hasSize(1);
        Map<String, Map<Integer, List<Object>>> nodes = new LinkedHashMap<>();
        for (Object node : graphs.get(0).graph().get(1)) {
            Map<Integer, List<Object>> fields = EventFile.fields((byte[]) node);
            nodes.put(EventFile.text(fields.get(1)), fields);
        }
        String more = "more__layers_/";
        assertThat(nodes.keySet())
                .containsExactlyInAnyOrder(
                        "input", "layer", "forward", more + "0", more + "1/0", more + "1/1", more + "2/0");
        assertThat(EventFile.text(nodes.get("layer").get(2))).isEqualTo("Linear");
        assertThat(inputs(nodes.get("forward"))).containsExactly("input");
        assertThat(inputs(nodes.get(more + "1/1"))).containsExactly(more + "0");
        assertThat(inputs(nodes.get(more + "2/0"))).containsExactly(more + "1/0", more + "1/1");
        assertThat(attributes(nodes.get("layer")))
                .containsEntry("weight", new Shape(TestData.TARGETS, TestData.FEATURES) + " trainable")
                .containsEntry("bias", new Shape(TestData.TARGETS) + " trainable");
    }

    private static List<String> inputs(Map<Integer, List<Object>> node) {
        return node.getOrDefault(3, List.of()).stream()
                .map(input -> new String((byte[]) input, StandardCharsets.UTF_8))
                .toList();
    }

    /** Names and texts. */
    private static Map<String, String> attributes(Map<Integer, List<Object>> node) {
        return node.get(5).stream()
                .map(entry -> EventFile.fields((byte[]) entry))
                .collect(Collectors.toMap(
                        entry -> EventFile.text(entry.get(1)),
                        entry -> EventFile.text(EventFile.message(entry.get(2)).get(2))));
    }

    private static Map<Integer, List<Object>> plugin(Value value) {
        return EventFile.message(EventFile.message(value.fields().get(9)).get(1));
    }

    private static String text(Value value) {
        assertThat(EventFile.text(plugin(value).get(1))).isEqualTo("text");
        return EventFile.text(EventFile.message(value.fields().get(8)).get(8));
    }

    private static BufferedImage image(Value value) throws IOException {
        byte[] png = (byte[]) EventFile.message(value.fields().get(4)).get(4).get(0);
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void aResumedRun_holdsWhatAnUndisturbedOneHolds() throws IOException {
        Path whole = directory.resolve("whole");
        Path cut = directory.resolve("cut");
        try (TestData data = TestData.open()) {
            try (Showing module = new Showing()) {
                trainer(whole).build().fit(module, data.regression(16, 4), data.regression(4, 4));
            }
            Callback dies = new Callback() {
                @Override
                public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                    if (run.globalStep() == 6) {
                        throw new IllegalStateException("power cut");
                    }
                }
            };
            try (Showing module = new Showing()) {
                assertThatThrownBy(() -> trainer(cut)
                                .callbacks(dies)
                                .build()
                                .fit(module, data.regression(16, 4), data.regression(4, 4)))
                        .hasMessage("power cut");
            }
            try (Showing module = new Showing()) {
                trainer(cut).build().fit(module, data.regression(16, 4), data.regression(4, 4));
            }
        }
        assertThat(contents(cut)).isEqualTo(contents(whole));
    }

    private static Trainer.Builder trainer(Path directory) {
        return Trainers.quiet()
                .seed(1)
                .maxEpochs(2)
                .logEveryNSteps(2)
                .runDirectory(directory)
                .autoResume(true)
                .enableCheckpointing(true)
                .loggers(new TensorBoardLogger())
                .callbacks(new HistogramMonitor());
    }

    /** Tags and steps, and scalars but for times. */
    private static List<String> contents(Path run) throws IOException {
        return EventFile.read(run.resolve(FILE)).stream()
                .map(event -> {
                    Map<String, Double> scalars = event.scalars();
                    scalars.keySet().removeAll(List.of("epoch_time", "samples_per_second", "data_time"));
                    return event.step() + " " + event.fileVersion() + scalars
                            + event.values().stream().map(Value::tag).collect(Collectors.toList());
                })
                .toList();
    }

    /** Puts a folder where the file is to be. */
    private static final class InTheWay implements Callback {
        @Override
        public void onTrainStart(Run run) {
            try {
                Files.createDirectory(run.directory().resolve(FILE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void fitWithoutRoom(BoringModule module, OnFailure onFailure) {
        try (TestData data = TestData.open()) {
            Trainers.quiet()
                    .maxEpochs(1)
                    .logEveryNSteps(1)
                    .runDirectory(directory.resolve(onFailure.name()))
                    .loggers(new TensorBoardLogger(onFailure))
                    .callbacks(new InTheWay())
                    .build()
                    .fit(module, data.regression(8, 4));
        }
    }

    @Test
    void aFileThatCannotBeWritten_stopsTheRunOrIsWarnedOf() {
        try (BoringModule module = new BoringModule();
                LogLines lines = LogLines.capture()) {
            assertThatThrownBy(() -> fitWithoutRoom(module, OnFailure.STOP))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("Cannot write");
            fitWithoutRoom(module, OnFailure.WARN_ONCE);
            assertThat(lines.messages().stream().filter(line -> line.contains("goes on without it")))
                    .hasSize(1);
        }
    }
}
