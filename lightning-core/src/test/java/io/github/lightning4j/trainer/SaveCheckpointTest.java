package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Trainer saves after a fit. */
class SaveCheckpointTest {
    private final TestData data = TestData.open();
    private final DataLoader batches = data.regression(12, 4);

    @AfterEach
    void free() {
        data.close();
    }

    record Settings(double lr) {}

    static final class Configured extends BoringModule {
        Configured(Settings settings) {
            super(settings);
        }
    }

    @Test
    void file_makesTheModuleAgain(@TempDir Path folder) {
        Path file = folder.resolve("deep").resolve("model.ckpt");
        Trainer trainer = Trainers.quiet().maxEpochs(2).build();
        try (Configured module = new Configured(new Settings(0.5))) {
            String weights = trainer.fit(module, batches).weightsSha256();
            trainer.saveCheckpoint(file);

            try (Configured again = Checkpoint.load(file, Settings.class, Configured::new);
                    Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThat(Weights.sha256(again)).isEqualTo(weights);
                assertThat(checkpoint.epoch()).isEqualTo(2);
                assertThat(checkpoint.globalStep()).isEqualTo(6);
                assertThat(checkpoint.hyperparameters(Settings.class)).isEqualTo(new Settings(0.5));
                assertThat(checkpoint.info().weightsOnly()).isTrue();
                assertThat(trainer.validate(again, CkptPath.of(file), batches))
                        .isEqualTo(trainer.validate(module, batches));
            }
        }
    }

    @Test
    void fileOfWeights_doesNotGoOn_andSaysSo(@TempDir Path folder) {
        Path file = folder.resolve("model.ckpt");
        Trainer trainer = Trainers.quiet().build();
        try (BoringModule module = new BoringModule()) {
            trainer.fit(module, batches);
            trainer.saveCheckpoint(file);
            assertThatThrownBy(() -> trainer.fit(module, batches, CkptPath.of(file)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("weights");
        }
    }

    @Test
    void withoutAFit_isRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> Trainers.quiet().build().saveCheckpoint(folder.resolve("model.ckpt")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no fit of this Trainer has ended")
                .hasMessageContaining("onSavePoint");
    }

    @Test
    void afterTheModuleWasClosed_isRefused_andAFileThatIsThereStays(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("model.ckpt"), "mine");
        Trainer trainer = Trainers.quiet().build();
        try (BoringModule module = new BoringModule()) {
            trainer.fit(module, batches);
        }
        assertThatThrownBy(() -> trainer.saveCheckpoint(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("was closed");
        assertThat(file).hasContent("mine");
    }
}
