package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.internal.CheckpointName;
import io.github.lightning4j.fixture.FakeRun;
import io.github.lightning4j.fixture.Setters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCheckpointTest {
    @TempDir
    Path directory;

    private FakeRun run(ModelCheckpoint... callbacks) {
        return FakeRun.fit(directory, callbacks).start();
    }

    private static Map<String, Double> loss(double value) {
        return Map.of("val_loss", value);
    }

    private List<String> files() throws IOException {
        return files(directory.resolve("checkpoints"));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> Objects.requireNonNull(path.getFileName()).toString())
                    .sorted()
                    .toList();
        }
    }

    // What is kept

    @Test
    void byDefault_theNewestIsKept() throws IOException {
        ModelCheckpoint callback = ModelCheckpoint.builder().build();
        FakeRun run = run(callback);
        run.epoch(Map.of());
        assertThat(files()).containsExactly("epoch=0-step=3.safetensors");
        run.epoch(Map.of());
        assertThat(files()).containsExactly("epoch=1-step=6.safetensors");
        assertThat(callback.bestModelPath()).isEqualTo(directory.resolve("checkpoints/epoch=1-step=6.safetensors"));
        assertThat(callback.bestModelScore()).isNaN();
        assertThat(callback.lastModelPath()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "MIN, 1, '3 2 2 4 1', '4'",
        "MIN, 1, '3 2 2 4 2', '1'",
        "MIN, 2, '3 2 2 4 2', '1 2'",
        "MAX, 2, '3 2 2 4 3', '0 3'",
        "MIN, 1, 'NaN 5 NaN 6', '1'",
        "MIN, 1, 'NaN NaN', '0'",
        "MIN, 2, 'NaN 5 NaN 4 3', '3 4'",
        "MAX, 2, 'NaN NaN 1', '0 2'",
        "MIN, 1, 'Infinity NaN', '0'",
        "MAX, -1, '1 NaN 1', '0 1 2'",
    })
    void withAMetric_theBestAreKept(Mode mode, int topK, String scores, String kept) throws IOException {
        ModelCheckpoint callback = ModelCheckpoint.builder()
                .monitor("val_loss")
                .mode(mode)
                .saveTopK(topK)
                .filename("{epoch}")
                .build();
        FakeRun run = run(callback);
        for (String score : scores.split(" ")) {
            run.epoch(loss(Double.parseDouble(score)));
        }
        List<String> expected =
                Stream.of(kept.split(" ")).map(epoch -> epoch + ".safetensors").toList();
        assertThat(files()).containsExactlyElementsOf(expected);
        assertThat(callback.keptModels().keySet().stream().map(path -> String.valueOf(path.getFileName())))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void bestModel_isTheFirstOfEqualOnes() {
        ModelCheckpoint callback = ModelCheckpoint.builder()
                .monitor("val_loss")
                .saveTopK(-1)
                .filename("{epoch}")
                .build();
        FakeRun run = run(callback);
        for (double score : new double[] {Double.NaN, 2, 1, 1, 3}) {
            run.epoch(loss(score));
        }
        assertThat(callback.bestModelPath()).hasFileName("2.safetensors");
        assertThat(callback.bestModelScore()).isEqualTo(1);
    }

    @Test
    void saveLast_isWrittenEachTime() throws IOException {
        ModelCheckpoint callback =
                ModelCheckpoint.builder().monitor("val_loss").saveLast(true).build();
        FakeRun run = run(callback);
        run.epoch(loss(1));
        run.epoch(loss(2));
        assertThat(files()).containsExactly("epoch=0-step=3.safetensors", "last.safetensors");
        assertThat(callback.lastModelPath()).isEqualTo(directory.resolve("checkpoints/last.safetensors"));
        assertThat(state("last.safetensors", callback).getLong("checked_step")).isEqualTo(6);
        assertThat(run.saved).hasSize(3);
    }

    @Test
    void withoutTopK_onlyTheLastIsWritten() throws IOException {
        FakeRun run = run(ModelCheckpoint.builder()
                .saveTopK(0)
                .saveLast(true)
                .saveWeightsOnly(true)
                .build());
        run.epoch(Map.of());
        run.epoch(Map.of());
        assertThat(files()).containsExactly("last.safetensors");
        assertThat(run.saved).containsExactly("last.safetensors weights", "last.safetensors weights");
    }

    // When

    @Test
    void triggers_combineAndSaveOnceAStep() {
        FakeRun run = run(ModelCheckpoint.builder()
                .everyNTrainSteps(2)
                .everyNEpochs(2)
                .saveTopK(-1)
                .filename("{step}")
                .build());
        for (int i = 0; i < 4; i++) {
            run.epoch(Map.of());
        }
        assertThat(run.saved)
                .containsExactly(
                        "2.safetensors",
                        "4.safetensors",
                        "6.safetensors",
                        "8.safetensors",
                        "10.safetensors",
                        "12.safetensors");
    }

    @Test
    void stepsThatLastSeveralBatches_saveOnce() {
        FakeRun run =
                run(ModelCheckpoint.builder().everyNTrainSteps(1).saveTopK(-1).build());
        run.savePoint(SavePoint.BATCH);
        run.savePoint(SavePoint.BATCH);
        assertThat(run.saved).isEmpty();
        run.batch();
        run.savePoint(SavePoint.BATCH);
        run.savePoint(SavePoint.BATCH);
        assertThat(run.saved).containsExactly("epoch=0-step=1.safetensors");
    }

    @Test
    void duration_savesAfterTheStepThatEndsLater() throws InterruptedException {
        FakeRun run = run(ModelCheckpoint.builder()
                .every(Duration.ofMillis(50))
                .saveTopK(-1)
                .build());
        run.batch();
        Thread.sleep(60);
        run.savePoint(SavePoint.BATCH);
        assertThat(run.saved).containsExactly("epoch=0-step=1.safetensors");
        FakeRun hourly =
                run(ModelCheckpoint.builder().every(Duration.ofHours(1)).build());
        hourly.epoch(Map.of());
        assertThat(hourly.saved).isEmpty();
    }

    @Test
    void aMetricOfValidations_isLookedAtAfterEachOfThem() {
        FakeRun run =
                run(ModelCheckpoint.builder().monitor("val_loss").saveTopK(-1).build());
        run.batch();
        run.validate(loss(2));
        run.savePoint(SavePoint.BATCH);
        assertThat(run.saved).containsExactly("epoch=0-step=1.safetensors");
        run.batch();
        run.savePoint(SavePoint.BATCH);
        run.batch();
        run.validate(loss(1));
        run.savePoint(SavePoint.BATCH);
        assertThat(run.saved).hasSize(1);
        run.epoch++;
        run.batchesDone = 0;
        run.savePoint(SavePoint.EPOCH);
        assertThat(run.saved).containsExactly("epoch=0-step=1.safetensors", "epoch=0-step=3.safetensors");
    }

    @Test
    void aStepTrigger_waitsForTheValidationThatMakesTheMetric() {
        ModelCheckpoint callback = ModelCheckpoint.builder()
                .monitor("val_loss")
                .everyNTrainSteps(2)
                .saveTopK(-1)
                .build();
        FakeRun run = run(callback);
        run.epoch(loss(3));
        assertThat(callback.keptModels().values()).containsExactly(3.0);
        run.epoch(loss(2));
        run.epoch(loss(1));
        assertThat(run.saved)
                .containsExactly(
                        "epoch=0-step=3.safetensors", "epoch=1-step=6.safetensors", "epoch=2-step=9.safetensors");
        assertThat(callback.keptModels().values()).containsExactly(3.0, 2.0, 1.0);
    }

    @Test
    void aStepTrigger_withATrainingMetric_savesAtOnce() {
        ModelCheckpoint callback = ModelCheckpoint.builder()
                .monitor("train_loss")
                .everyNTrainSteps(2)
                .saveTopK(-1)
                .build();
        FakeRun run = run(callback);
        run.metrics.put("train_loss", 5.0);
        run.epoch(Map.of());
        run.metrics.put("train_loss", 4.0);
        run.epoch(Map.of());
        assertThat(run.saved)
                .containsExactly(
                        "epoch=0-step=2.safetensors", "epoch=1-step=4.safetensors", "epoch=1-step=6.safetensors");
    }

    @Test
    void anUnknownMetric_isAnErrorAtTheFirstCheck() {
        FakeRun run = run(ModelCheckpoint.builder().monitor("val_los").build());
        assertThatThrownBy(() -> run.epoch(Map.of("val_loss", 1.0, "train_loss", 2.0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'val_los'")
                .hasMessageContaining("[train_loss, val_loss]");
        FakeRun unvalidated = run(ModelCheckpoint.builder().monitor("val_loss").build());
        unvalidated.hasValidation = false;
        assertThatThrownBy(() -> unvalidated.epoch(Map.of())).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void epochsWithoutValidation_areWaitedThrough() {
        FakeRun run = run(ModelCheckpoint.builder().monitor("val_loss").build());
        run.batch();
        run.epoch++;
        run.batchesDone = 0;
        run.savePoint(SavePoint.EPOCH);
        assertThat(run.saved).isEmpty();
        run.epoch(loss(1));
        assertThat(run.saved).hasSize(1);
    }

    @Test
    void fastDevRun_savesNothing() {
        ModelCheckpoint callback = ModelCheckpoint.builder().everyNTrainSteps(1).build();
        FakeRun run = FakeRun.fit(null, callback);
        run.fastDevRun = true;
        run.start();
        run.epoch(Map.of());
        run.end();
        assertThat(run.saved).isEmpty();
    }

    @Test
    void anException_isSavedIfAsked() {
        FakeRun run = run(ModelCheckpoint.builder().saveOnException(true).build());
        run.batch();
        run.callbacks().forEach(each -> each.onException(run, new IllegalStateException("bad batch")));
        assertThat(run.saved).containsExactly("epoch=0-step=1-exception.safetensors");
        FakeRun other = run(ModelCheckpoint.builder().build());
        other.callbacks().forEach(each -> each.onException(other, new IllegalStateException("bad batch")));
        assertThat(other.saved).isEmpty();
    }

    // Names

    @ParameterizedTest
    @CsvSource({
        "{epoch:03d}-{step}, 003-120",
        "'{val/acc:.2f}', 0.13",
        "'loss {val/acc:.1e}', loss 1.3e-01",
        "'{val/acc}', 0.125",
        "'{nan:.2f}', NaN",
        "{epoch:.1f}, 3.0",
        "größe, größe",
    })
    void templates_areFilledIn(String template, String expected) {
        assertThat(new CheckpointName(template).fill(3, 120, Map.of("val/acc", 0.125, "nan", Double.NaN)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a/b", "a\\b", "{epoch", "epoch}", "{}", "{epoch:q}", "{epoch:.2d}", "last", "a:b"})
    void badTemplates_areRefused(String template) {
        assertThatThrownBy(() -> ModelCheckpoint.builder().filename(template))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + template + "'");
    }

    @Test
    void aTemplateWithAnUnknownMetric_namesTheKnown() {
        FakeRun run = run(ModelCheckpoint.builder().filename("{val_acc}").build());
        assertThatThrownBy(() -> run.epoch(loss(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'val_acc'")
                .hasMessageContaining("[val_loss]");
    }

    @Test
    void oneNameForAll_isOverwritten() throws IOException {
        ModelCheckpoint callback =
                ModelCheckpoint.builder().monitor("val_loss").filename("best").build();
        FakeRun run = run(callback);
        run.epoch(loss(2));
        run.epoch(loss(1));
        run.epoch(loss(3));
        run.end();
        assertThat(files()).containsExactly("best.safetensors");
        assertThat(state("best.safetensors", callback).getLong("checked_step")).isEqualTo(6);
    }

    @Test
    void namesThatAreKept_getAVersion() throws IOException {
        FakeRun run = run(
                ModelCheckpoint.builder().saveTopK(2).filename("new").build(),
                ModelCheckpoint.builder().monitor("val_loss").filename("new").build());
        run.epoch(loss(1));
        assertThat(files()).containsExactly("new-v1.safetensors", "new.safetensors");
        run.epoch(loss(2));
        assertThat(files()).containsExactly("new-v1.safetensors", "new-v2.safetensors", "new.safetensors");
    }

    @Test
    void filesOfOthersOutsideTheRun_areNotOverwritten(@TempDir Path shared) throws IOException {
        Files.createFile(shared.resolve("epoch=0-step=3.safetensors"));
        ModelCheckpoint callback = ModelCheckpoint.builder().dirpath(shared).build();
        FakeRun run = run(callback);
        run.epoch(Map.of());
        assertThat(callback.bestModelPath()).isEqualTo(shared.resolve("epoch=0-step=3-v1.safetensors"));
        run.epoch(Map.of());
        assertThat(files(shared)).containsExactly("epoch=0-step=3.safetensors", "epoch=1-step=6.safetensors");
    }

    // Files and state

    @Test
    void theOldFile_isThereUntilTheNewOneIs() throws IOException {
        FakeRun run = run(ModelCheckpoint.builder().build());
        run.epoch(Map.of());
        CheckpointWriter direct = run.writer;
        List<String> duringWrite = new ArrayList<>();
        run.writer = writer(direct, () -> {
            duringWrite.addAll(files());
        });
        run.epoch(Map.of());
        assertThat(duringWrite).containsExactly("epoch=0-step=3.safetensors", "epoch=1-step=6.safetensors");
        assertThat(files()).containsExactly("epoch=1-step=6.safetensors");
    }

    @Test
    void aFileWrittenInTheBackground_displacesTheOldOneOnceItIsThere() throws IOException {
        FakeRun run = run(ModelCheckpoint.builder().build());
        run.epoch(Map.of());
        List<Runnable> later = new ArrayList<>();
        CheckpointWriter direct = run.writer;
        run.writer = new CheckpointWriter() {
            @Override
            public void write(Path file, StateTreeWriter state) {
                later.add(() -> direct.write(file, state));
            }

            @Override
            public void check() {}

            @Override
            public void await() {
                later.forEach(Runnable::run);
                later.clear();
            }

            @Override
            public void close() {}
        };
        run.epoch(Map.of());
        assertThat(files()).containsExactly("epoch=0-step=3.safetensors");
        run.batch();
        run.savePoint(SavePoint.BATCH);
        assertThat(files()).containsExactly("epoch=0-step=3.safetensors");
        run.end();
        assertThat(files()).containsExactly("epoch=1-step=6.safetensors");
    }

    @Test
    void aFailedSave_leavesTheStateAsItWas() throws IOException {
        ModelCheckpoint callback = ModelCheckpoint.builder().saveLast(true).build();
        FakeRun run = run(callback);
        run.epoch(Map.of());
        Map<String, String> before = contents(callback);
        run.writer = writer(run.writer, () -> {
            throw new CheckpointException("disk full");
        });
        assertThatThrownBy(() -> run.epoch(Map.of())).hasMessage("disk full");
        assertThat(contents(callback)).isEqualTo(before);
        assertThat(files()).contains("epoch=0-step=3.safetensors", "last.safetensors");
    }

    @Test
    void aFile_knowsOfItself() {
        ModelCheckpoint callback =
                ModelCheckpoint.builder().monitor("val_loss").saveTopK(2).build();
        FakeRun run = run(callback);
        run.epoch(loss(2));
        run.epoch(loss(1));
        StateTreeReader state = state("epoch=1-step=6.safetensors", callback);
        Path file = directory.resolve("checkpoints/epoch=1-step=6.safetensors");
        try (Checkpoint saved = Checkpoint.open(file)) {
            assertThat(CallbackStates.best(saved, directory)).isEqualTo(file);
        }
        assertThat(state.getStrings("kept"))
                .containsExactly("checkpoints/epoch=0-step=3.safetensors", "checkpoints/epoch=1-step=6.safetensors");
    }

    /** From each file that was ever saved, a new process with a new callback ends where the first one ended. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResumedRun_endsLikeAnUninterruptedOne(boolean killedBeforeTheOldFileWasDeleted) throws IOException {
        double[] scores = {3, Double.NaN, 2, 2, 4, 1};
        for (int interruptedAfter = 1; interruptedAfter < scores.length; interruptedAfter++) {
            Path whole = directory.resolve("whole" + interruptedAfter);
            Path resumed = directory.resolve("resumed" + interruptedAfter);
            List<ModelCheckpoint> wholeCallbacks = callbacks();
            FakeRun run = FakeRun.fit(whole, wholeCallbacks.toArray(ModelCheckpoint[]::new))
                    .start();
            FakeRun first = FakeRun.fit(resumed, callbacks().toArray(ModelCheckpoint[]::new))
                    .start();
            for (int i = 0; i < scores.length; i++) {
                run.epoch(loss(scores[i]));
                if (i < interruptedAfter) {
                    first.epoch(loss(scores[i]));
                }
            }
            run.end();
            if (killedBeforeTheOldFileWasDeleted) {
                StateTreeReader last = state(resumed.resolve("checkpoints/last.safetensors"), wholeCallbacks.get(0));
                for (String evicted : last.getStrings("evicted")) {
                    Files.write(resumed.resolve(evicted), new byte[0]);
                }
            }

            List<ModelCheckpoint> callbacks = callbacks();
            FakeRun second = FakeRun.fit(resumed, callbacks.toArray(ModelCheckpoint[]::new))
                    .start();
            try (Checkpoint checkpoint = Checkpoint.open(resumed.resolve("checkpoints/last.safetensors"))) {
                StateTreeReader state = checkpoint.state();
                CallbackStates.load(List.copyOf(callbacks), state);
                state.child("callbacks").requireAllRead();
                second.epoch = state.child("loop").getLong("epoch");
                second.globalStep = state.child("loop").getLong("step");
                second.samplesSeen = state.child("loop").getLong("samples");
            }
            second.metrics.putAll(first.metrics);
            for (int i = (int) second.epoch; i < scores.length; i++) {
                second.epoch(loss(scores[i]));
            }
            second.end();

            assertThat(files(resumed.resolve("checkpoints"))).isEqualTo(files(whole.resolve("checkpoints")));
            for (String file : files(whole.resolve("checkpoints"))) {
                assertThat(resumed.resolve("checkpoints").resolve(file))
                        .hasSameBinaryContentAs(whole.resolve("checkpoints").resolve(file));
            }
            for (int i = 0; i < callbacks.size(); i++) {
                assertThat(contents(callbacks.get(i))).isEqualTo(contents(wholeCallbacks.get(i)));
            }
        }
    }

    private static List<ModelCheckpoint> callbacks() {
        return List.of(
                ModelCheckpoint.builder()
                        .monitor("val_loss")
                        .saveTopK(2)
                        .saveLast(true)
                        .build(),
                ModelCheckpoint.builder()
                        .everyNTrainSteps(4)
                        .filename("newest-{step}")
                        .build());
    }

    @Test
    void nothingToSaveTo_isAnError() {
        FakeRun run = FakeRun.fit(null, ModelCheckpoint.builder().build());
        assertThatThrownBy(run::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("dirpath");
    }

    @Test
    void badOptions_areRefused() {
        assertThatThrownBy(() -> ModelCheckpoint.builder().saveTopK(-2)).hasMessageContaining("-2");
        assertThatThrownBy(() -> ModelCheckpoint.builder().everyNTrainSteps(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> ModelCheckpoint.builder().everyNEpochs(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> ModelCheckpoint.builder().every(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> ModelCheckpoint.builder().saveTopK(0).build()).hasMessageContaining("saveTopK is 0");
        assertThatThrownBy(() -> ModelCheckpoint.builder().mode(Mode.MAX).build())
                .hasMessageContaining("monitor");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void builder_usedAgain_leavesWhatItBuiltAsItWas(boolean truth) throws ReflectiveOperationException {
        ModelCheckpoint.Builder builder = ModelCheckpoint.builder().saveLast(!truth);
        ModelCheckpoint built = builder.build();
        Setters.callAll(builder, truth);
        ModelCheckpoint other = builder.build();
        ModelCheckpoint untouched = ModelCheckpoint.builder().saveLast(!truth).build();

        assertThat(savedBy(built)).isEqualTo(savedBy(untouched)).isNotEqualTo(savedBy(other));
        assertThat(built.stateKey()).isEqualTo(untouched.stateKey()).isNotEqualTo(other.stateKey());
        assertThat(built.monitor()).isNull();
        assertThat(built.dirpath()).isNull();
    }

    private List<String> savedBy(ModelCheckpoint callback) {
        FakeRun run = run(callback);
        for (double score : new double[] {2, 3, 1}) {
            run.epoch(Map.of("other", score));
        }
        run.callbacks().forEach(each -> each.onException(run, new IllegalStateException("bad batch")));
        List<String> saved = new ArrayList<>(run.saved);
        saved.add(callback.keptModels().values().toString());
        return saved;
    }

    @Test
    void aSecondFit_startsAnew() {
        ModelCheckpoint callback = ModelCheckpoint.builder().monitor("val_loss").build();
        FakeRun run = run(callback);
        run.epoch(loss(1));
        run.end();
        FakeRun second = FakeRun.fit(directory.resolve("second"), callback).start();
        assertThat(callback.bestModelPath()).isNull();
        second.epoch(loss(2));
        assertThat(callback.bestModelScore()).isEqualTo(2);
    }

    // Helpers

    private StateTreeReader state(String file, ModelCheckpoint callback) {
        return state(directory.resolve("checkpoints").resolve(file), callback);
    }

    private static StateTreeReader state(Path file, ModelCheckpoint callback) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return checkpoint.state().child("callbacks").child(callback.stateKey());
        }
    }

    private static Map<String, String> contents(ModelCheckpoint callback) {
        StateTreeWriter tree = new StateTreeWriter();
        callback.save(tree);
        Map<String, String> contents = new TreeMap<>();
        StateTreeReader state = tree.reader();
        contents.put("kept", state.getStrings("kept") + " " + List.of(state.getDoubles("scores").length));
        contents.put("evicted", state.getStrings("evicted").toString());
        contents.put("last", state.getString("last_model_path"));
        contents.put(
                "best",
                String.valueOf(Objects.requireNonNull(callback.bestModelPath()).getFileName()));
        contents.put("step", String.valueOf(state.getLong("checked_step")));
        return contents;
    }

    private interface Action {
        void run() throws IOException;
    }

    /** A writer that does something right after it has written, before the caller hears of it. */
    private static CheckpointWriter writer(CheckpointWriter direct, Action after) {
        return new CheckpointWriter() {
            @Override
            public void write(Path file, StateTreeWriter state) {
                direct.write(file, state);
                try {
                    after.run();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }

            @Override
            public void check() {}

            @Override
            public void await() {}

            @Override
            public void close() {}
        };
    }
}
