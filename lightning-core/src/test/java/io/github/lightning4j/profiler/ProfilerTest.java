package io.github.lightning4j.profiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilerTest {
    private static final int BATCHES = 20;

    @TempDir
    Path directory;

    private TestData data;
    private DataLoader train;
    private DataLoader val;
    private BoringModule module;

    @BeforeEach
    void open() {
        data = TestData.open();
        train = data.regression(4 * BATCHES, 4);
        val = data.regression(8, 4);
        module = new BoringModule();
    }

    @AfterEach
    void close() {
        module.close();
        data.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisTest() throws IOException {
        GuideBlocks.assertArePartOf(ProfilerTest.class, "profiling.md");
    }

    @Test
    void theTable_hasEachSectionAndSumsToTheTimeOfTheRun() {
        long before = System.nanoTime();
        SimpleProfiler profiler = new SimpleProfiler();
        Trainer trainer = Trainer.builder()
                .maxEpochs(2)
                .profiler(profiler)
                .runDirectory(directory)
                .build();
        trainer.fit(module, train, val);
        long elapsed = System.nanoTime() - before;

        Map<String, SimpleProfiler.Row> rows = profiler.rows().stream()
                .collect(Collectors.toMap(row -> row.stage() + " " + row.section(), Function.identity()));
        assertThat(rows.get("train trainingStep").count()).isEqualTo(2 * BATCHES);
        assertThat(rows.get("train onTrainBatchEnd").count()).isEqualTo(2 * BATCHES);
        assertThat(rows.get("train backward").count()).isEqualTo(2 * BATCHES);
        assertThat(rows.get("train optimizer step").count()).isEqualTo(2 * BATCHES);
        assertThat(rows.get("train training batch").count()).isEqualTo(2 * BATCHES);
        assertThat(rows.get("train data wait").count()).isGreaterThanOrEqualTo(2 * BATCHES);
        assertThat(rows.get("train checkpoint save").count()).isEqualTo(2);
        assertThat(rows.get("train loggers").count()).isPositive();
        assertThat(rows.get("validate validationStep").count()).isEqualTo(4);
        assertThat(rows.get("validate evaluation").count()).isEqualTo(2);
        assertThat(rows.get("sanity_check validationStep").count()).isEqualTo(2);
        assertThat(rows).containsKey(" everything else");
        assertThat(profiler.rows().stream()
                        .mapToLong(SimpleProfiler.Row::totalNanos)
                        .sum())
                .isEqualTo(profiler.wallNanos());
        assertThat(profiler.wallNanos()).isBetween(elapsed / 4, elapsed);
        assertThat(profiler.rows())
                .allSatisfy(row -> assertThat(row.totalNanos()).isNotNegative());
        assertThat(profiler.table())
                .startsWith("where the time went\nstage         section                           count       mean ms")
                .containsPattern("train +trainingStep +40 +\\d+\\.\\d{4} +\\d+\\.\\d{4} +\\d+\\.\\d\\d\n")
                .containsPattern("the run +1 .* 100\\.00$");
    }

    @Test
    void eachRun_startsAfresh_andOneThatFailsIsEnded() {
        SimpleProfiler profiler = new SimpleProfiler();
        Trainer trainer = Trainers.quiet().profiler(profiler).build();
        trainer.fit(module, train, val);

        trainer.validate(module, val);

        assertThat(stages(profiler)).containsExactly("", "validate");
        trainer.test(module, val);
        assertThat(stages(profiler)).containsExactly("", "test");
        trainer.predict(module, val).close();
        assertThat(stages(profiler)).containsExactly("", "predict");

        Callback failing = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int index) {
                throw new IllegalStateException("as planned");
            }
        };
        Trainer broken = Trainers.quiet().profiler(profiler).callbacks(failing).build();
        assertThatThrownBy(() -> broken.fit(module, train)).hasMessageContaining("as planned");
        assertThat(stages(profiler)).containsExactly("", "train");
        assertThat(profiler.rows().stream()
                        .mapToLong(SimpleProfiler.Row::totalNanos)
                        .sum())
                .isEqualTo(profiler.wallNanos());
    }

    private static Set<String> stages(SimpleProfiler profiler) {
        return profiler.rows().stream().map(SimpleProfiler.Row::stage).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theFlightRecorder_showsStepsEvaluationsSavesAndWaits() throws IOException {
        Path file = directory.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("lightning4j.DataWait").withoutThreshold();
            recording.start();
            Trainer trainer = Trainer.builder()
                    .maxEpochs(2)
                    .profiler(new JfrProfiler())
                    .runDirectory(directory)
                    .build();
            trainer.fit(module, train, val);
            recording.stop();
            recording.dump(file);
        }
        Map<String, List<RecordedEvent>> events = RecordingFile.readAllEvents(file).stream()
                .collect(Collectors.groupingBy(event -> event.getEventType().getName()));

        assertThat(events.get("lightning4j.TrainingStep")).hasSize(2 * BATCHES).allSatisfy(event -> {
            assertThat(event.getDuration()).isPositive();
            assertThat(event.getString("stage")).isEqualTo("train");
        });
        assertThat(events.get("lightning4j.TrainingStep").stream().map(event -> event.getLong("step")))
                .contains(1L, 2L * BATCHES);
        assertThat(events.get("lightning4j.Evaluation").stream().map(event -> event.getString("stage")))
                .containsExactlyInAnyOrder("sanity_check", "validate", "validate");
        assertThat(events.get("lightning4j.CheckpointSave")).hasSize(2);
        assertThat(events.get("lightning4j.DataWait")).hasSizeGreaterThan(2 * BATCHES);
    }

    @Test
    void pytorchsTrace_hasTheOperationsOfTheBatchesAskedFor() throws IOException {
        Path file = directory.resolve("new").resolve("trace.json");
        Trainer trainer = Trainer.builder()
                .maxEpochs(2)
                .profiler(new TorchProfiler(file, 10, 5))
                .runDirectory(directory)
                .build();
        trainer.fit(module, train, val);

        List<String> names = new ArrayList<>();
        JsonElement trace = JsonParser.parseString(Files.readString(file));
        JsonElement events =
                trace.isJsonArray() ? trace : trace.getAsJsonObject().get("traceEvents");
        for (JsonElement event : events.getAsJsonArray()) {
            names.add(event.getAsJsonObject().get("name").getAsString());
        }
        assertThat(names).filteredOn(name -> name.equals("aten::addmm")).hasSize(5);
        assertThat(names).anyMatch(name -> name.contains("Backward"));
        assertThatThrownBy(() -> Trainers.quiet()
                        .fastDevRun(true)
                        .profiler(new TorchProfiler())
                        .build()
                        .fit(module, train))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Give it a file");
    }

    @Test
    void aProfilerOfOnesOwn() {
        Slowest profiler = new Slowest();

        Trainers.quiet().profiler(profiler).build().fit(module, train);

        assertThat(profiler.nanos).isPositive();
    }

    static final class Slowest implements Profiler {
        private long since;
        long nanos;

        @Override
        public void enter(Stage stage, String section) {
            if (section.equals(Section.TRAINING_BATCH)) {
                since = System.nanoTime();
            }
        }

        @Override
        public void leave(Stage stage, String section) {
            if (section.equals(Section.TRAINING_BATCH)) {
                nanos = Math.max(nanos, System.nanoTime() - since);
            }
        }
    }

    @Test
    void dataTime_isTheWaitForBatches() {
        Times quick = new Times();
        Times slow = new Times();
        Iterable<Batch> sleepy = () -> {
            Iterator<Batch> batches = train.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return batches.hasNext();
                }

                @Override
                public Batch next() {
                    sleep(5);
                    return batches.next();
                }
            };
        };
        Trainers.quiet().loggers(quick).build().fit(module, train);
        Trainers.quiet().loggers(slow).build().fit(module, sleepy);

        assertThat(slow.dataTime).isBetween(BATCHES * 0.005, 5.0);
        assertThat(quick.dataTime).isBetween(0.0, slow.dataTime / 2);
    }

    private static final class Times implements Logger {
        private double dataTime = -1;

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            dataTime = metrics.getOrDefault("data_time", dataTime);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
