package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history of a run: beside its checkpoints, so that these do not grow, and whole again after a resumption. */
class HistoryTest {
    private static final Training TRAINING = Training.of(
            Recipe.SGD_MOMENTUM, builder -> builder.seed(3).callbacks(ResumeFixture.keepAll(Every.epochs(1))));

    @TempDir
    Path directory;

    /** Notes the sizes of what the last epoch has left. */
    private static final class Sizes implements Callback {
        private final Map<Long, Long> checkpoints = new TreeMap<>();
        private final Map<Long, Long> histories = new TreeMap<>();

        @Override
        public void onTrainEpochStart(Run run) {
            if (run.epoch() == 0) {
                return;
            }
            try (Stream<Path> files = Files.list(CheckpointFolder.of(run.directory()))) {
                checkpoints.put(
                        run.epoch(),
                        files.mapToLong(file -> file.toFile().length()).sum());
                histories.put(run.epoch(), Files.size(run.directory().resolve("history.jsonl")));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void whatASaveWrites_doesNotDependOnTheEpoch(int saveTopK) {
        int epochs = saveTopK < 0 ? 260 : 500;
        Sizes sizes = new Sizes();
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            Trainer.builder()
                    .maxEpochs(epochs)
                    .seed(1)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .runDirectory(directory)
                    .callbacks(sizes)
                    .callbacks(ModelCheckpoint.builder().saveTopK(saveTopK).build())
                    .build()
                    .fit(module, data.ones(1, 1));
        }
        long last = epochs - 1;
        if (saveTopK < 0) {
            long early = sizes.checkpoints.get(151L) - sizes.checkpoints.get(150L);
            long late = sizes.checkpoints.get(last) - sizes.checkpoints.get(last - 1);
            assertThat((double) late).isCloseTo(early, within(0.02 * early));
            return;
        }
        long early = sizes.checkpoints.get(50L);
        assertThat((double) sizes.checkpoints.get(last)).isCloseTo(early, within(0.02 * early));
        assertThat(sizes.histories.get(last) - sizes.histories.get(last - 1))
                .isEqualTo(sizes.histories.get(50L) - sizes.histories.get(49L));
    }

    @Test
    void theFile_isWhatACheckpointSaysOfIt() throws IOException {
        FitResult result = TRAINING.start(directory);

        byte[] file = Files.readAllBytes(directory.resolve("history.jsonl"));
        try (Checkpoint checkpoint = Checkpoint.open(result.bestCheckpoint())) {
            StateTreeReader history = checkpoint.state().child("history");
            assertThat(history.getLong("length")).isEqualTo(file.length);
            assertThat(history.getLong("epochs")).isEqualTo(ResumeFixture.EPOCHS);
            assertThat(history.getString("sha256")).isEqualTo(HexFormat.of().formatHex(sha256(file)));
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aResumedRun_cutsItsFileBack() throws IOException {
        FitResult whole = TRAINING.start(directory.resolve("whole"));
        Path stopped = directory.resolve("stopped");
        TRAINING.startUntilError(stopped, Stopper.afterBatch(true, 1, 3));
        Files.writeString(stopped.resolve("history.jsonl"), "of epochs that are repeated\n", StandardOpenOption.APPEND);
        try (LogLines log = LogLines.capture()) {
            FitResult resumed = TRAINING.start(stopped);

            assertThat(resumed.history()).isEqualTo(whole.history());
            assertThat(log.messages()).noneMatch(line -> line.contains("is missing"));
        }
        assertThat(stopped.resolve("history.jsonl"))
                .hasSameTextualContentAs(directory.resolve("whole").resolve("history.jsonl"));
    }

    @Test
    void aCheckpointCopiedAlone_resumes_andSaysWhatIsMissing() throws IOException {
        FitResult whole = TRAINING.start(directory.resolve("whole"));
        Path first = first(directory.resolve("whole"));
        Path copy = Files.copy(first, directory.resolve("copy.safetensors"));
        try (LogLines log = LogLines.capture()) {
            FitResult resumed = resume(directory.resolve("alone"), copy);

            assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
            assertThat(resumed.history()).isEqualTo(whole.history().subList(1, ResumeFixture.EPOCHS));
            assertThat(log.messages())
                    .filteredOn(line -> line.contains("is missing"))
                    .singleElement()
                    .asString()
                    .contains("history of 1 epochs");
        }
        FitResult again = resume(directory.resolve("again"), last(directory.resolve("alone")));
        assertThat(again.history()).isEqualTo(whole.history().subList(1, ResumeFixture.EPOCHS));
    }

    @Test
    void aRunThatGoesOnElsewhere_takesItsHistoryAlong() {
        FitResult whole = TRAINING.start(directory.resolve("whole"));

        FitResult resumed = resume(directory.resolve("elsewhere"), first(directory.resolve("whole")));

        assertThat(resumed.history()).isEqualTo(whole.history());
        assertThat(directory.resolve("elsewhere").resolve("history.jsonl"))
                .hasSameTextualContentAs(directory.resolve("whole").resolve("history.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "another run's\n", "directory"})
    void aDamagedFile_isSetAside_andStopsNothing(String content) throws IOException {
        FitResult whole = TRAINING.start(directory.resolve("whole"));
        Path stopped = directory.resolve("stopped");
        TRAINING.startUntilError(stopped, Stopper.afterBatch(true, 1, 3));
        Path file = stopped.resolve("history.jsonl");
        Files.delete(file);
        if (content.equals("directory")) {
            Files.createDirectories(file.resolve("full"));
        } else {
            Files.writeString(file, content);
        }

        FitResult resumed = TRAINING.start(stopped);

        assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
        assertThat(resumed.history()).isEqualTo(whole.history().subList(1, ResumeFixture.EPOCHS));
        if (!content.equals("directory")) {
            assertThat(stopped.resolve("unmatched-history.jsonl")).hasContent(content);
        }
    }

    @Test
    void historyInsideAnEarlierCheckpoint_isTakenOver() throws IOException, URISyntaxException {
        EarlierCheckpoints.Place place = EarlierCheckpoints.Place.INSIDE_EPOCH;
        Path file = Path.of(
                EarlierCheckpointsTest.class.getResource(place.checkpoint()).toURI());
        try (NDManager manager = NDManager.newBaseManager();
                EarlierCheckpoints.Net module = new EarlierCheckpoints.Net()) {
            FitResult result = place.trainer(directory)
                    .build()
                    .fit(module, EarlierCheckpoints.train(manager), EarlierCheckpoints.val(manager), CkptPath.of(file));

            assertThat(result.history()).hasSize(3);
        }
        assertThat(Files.readAllLines(directory.resolve("history.jsonl"))).hasSize(3);
    }

    private static FitResult resume(Path into, Path checkpoint) {
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = new ResumeFixture.Cnn(Recipe.SGD_MOMENTUM)) {
            return Trainer.builder()
                    .maxEpochs(ResumeFixture.EPOCHS)
                    .threads(1)
                    .logEveryNSteps(1)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .runDirectory(into)
                    .callbacks(ResumeFixture.keepAll(Every.epochs(1)))
                    .build()
                    .fit(
                            module,
                            ResumeFixture.train(manager),
                            List.of(ResumeFixture.val(manager)),
                            CkptPath.of(checkpoint));
        }
    }

    private static Path first(Path run) {
        return CheckpointFolder.of(run).resolve("epoch=0-step=7.safetensors");
    }

    private static Path last(Path run) {
        return CheckpointFolder.of(run).resolve("last.safetensors");
    }
}
