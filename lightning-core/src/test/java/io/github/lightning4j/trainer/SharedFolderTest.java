package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several runs whose checkpoints lie in one folder. */
class SharedFolderTest {
    @TempDir
    Path root;

    private Path shared;

    static Stream<ModelCheckpoint.Builder> savers() {
        return Stream.of(
                ModelCheckpoint.builder(),
                ModelCheckpoint.builder().saveLast(true),
                ModelCheckpoint.builder().saveTopK(0).saveLast(true),
                ModelCheckpoint.builder().filename("model").saveTopK(-1),
                ModelCheckpoint.builder().filename("model").saveTopK(2).saveLast(true),
                ModelCheckpoint.builder().saveWeightsOnly(true).saveLast(true),
                ModelCheckpoint.builder().saveOnException(true).saveLast(true));
    }

    @ParameterizedTest
    @MethodSource("savers")
    void aSecondRun_overwritesNothingOfTheFirst(ModelCheckpoint.Builder saving) throws IOException {
        shared = root.resolve("shared");
        fit(saving, 3, null);
        Map<String, Integer> first = files();
        assertThat(first).isNotEmpty();

        fit(saving, 4, null);

        assertThat(files()).containsAllEntriesOf(first).hasSizeGreaterThan(first.size());
        fit(saving, 3, null);
        assertThat(files()).containsAllEntriesOf(first);
    }

    @Test
    void files_thatNoRunHasWritten_stay() throws IOException {
        shared = Files.createDirectories(root.resolve("shared"));
        Files.writeString(shared.resolve("last.safetensors"), "somebody's");
        Files.createDirectory(shared.resolve("last-v1.safetensors"));
        Files.writeString(shared.resolve("epoch=2-step=6.safetensors"), "somebody's");

        ModelCheckpoint saver = fit(ModelCheckpoint.builder().saveLast(true), 3, null);

        assertThat(saver.lastModelPath()).isEqualTo(shared.resolve("last-v2.safetensors"));
        assertThat(saver.bestModelPath()).isEqualTo(shared.resolve("epoch=2-step=6-v1.safetensors"));
        assertThat(shared.resolve("last.safetensors")).hasContent("somebody's");
        assertThat(shared.resolve("epoch=2-step=6.safetensors")).hasContent("somebody's");
    }

    @Test
    void aResumedRun_goesOnWithItsOwnFiles() throws IOException {
        shared = root.resolve("shared");
        ModelCheckpoint.Builder saving = ModelCheckpoint.builder().saveLast(true);
        fit(saving, 3, null);
        Map<String, Integer> first = files();
        ModelCheckpoint second = fit(saving, 3, null);
        Path last = second.lastModelPath();
        assertThat(last).isEqualTo(shared.resolve("last-v1.safetensors"));

        ModelCheckpoint resumed = fit(saving, 5, last);

        assertThat(resumed.lastModelPath()).isEqualTo(last);
        assertThat(step(last)).isEqualTo(10);
        assertThat(files()).containsAllEntriesOf(first).hasSize(first.size() + 2);
    }

    @Test
    void whatIsRepeated_takesTheNamesItHad() throws IOException {
        shared = root.resolve("shared");
        ModelCheckpoint.Builder saving = ModelCheckpoint.builder().saveTopK(-1);
        fit(saving, 4, null);
        Map<String, Integer> whole = files();

        fit(saving, 4, shared.resolve("epoch=1-step=4.safetensors"));

        assertThat(files().keySet()).isEqualTo(whole.keySet());
    }

    @Test
    void twoCallbacks_besideAnotherRun_haveFilesOfTheirOwn() throws IOException {
        shared = root.resolve("shared");
        fit(ModelCheckpoint.builder().saveLast(true), 1, null);
        ModelCheckpoint rare = ModelCheckpoint.builder()
                .saveLast(true)
                .everyNEpochs(2)
                .dirpath(shared)
                .build();
        ModelCheckpoint often =
                ModelCheckpoint.builder().saveLast(true).dirpath(shared).build();

        fit(4, null, rare, often);

        assertThat(rare.lastModelPath()).isNotEqualTo(often.lastModelPath());
        assertThat(step(shared.resolve("last.safetensors"))).isEqualTo(2);
        assertThat(step(rare.lastModelPath())).isEqualTo(8);
        assertThat(step(often.lastModelPath())).isEqualTo(8);
    }

    @Test
    void aFileThatAnotherRunHasTakenOver_isNotDeleted() throws IOException {
        shared = root.resolve("shared");
        Callback thief = new Callback() {
            @Override
            public void onSavePoint(Run run, SavePoint point) {
                Path kept = shared.resolve("epoch=0-step=2.safetensors");
                if (run.globalStep() == 3) {
                    replace(kept);
                }
            }
        };
        fit(3, null, thief, ModelCheckpoint.builder().dirpath(shared).build());

        assertThat(shared.resolve("epoch=0-step=2.safetensors")).hasContent("somebody's");
    }

    private static void replace(Path file) {
        try {
            Files.writeString(file, "somebody's");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long step(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return checkpoint.globalStep();
        }
    }

    private ModelCheckpoint fit(ModelCheckpoint.Builder saving, int epochs, Path from) {
        ModelCheckpoint saver = saving.dirpath(shared).build();
        fit(epochs, from, saver);
        return saver;
    }

    private void fit(int epochs, Path from, Callback... callbacks) {
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            Trainer trainer = Trainer.builder()
                    .maxEpochs(epochs)
                    .seed(1)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .defaultRootDir(root)
                    .callbacks(callbacks)
                    .build();
            if (from == null) {
                trainer.fit(module, data.ones(2, 1));
            } else {
                trainer.fit(module, data.ones(2, 1), CkptPath.of(from));
            }
        }
    }

    private Map<String, Integer> files() throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(shared)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".safetensors"))
                    .toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
