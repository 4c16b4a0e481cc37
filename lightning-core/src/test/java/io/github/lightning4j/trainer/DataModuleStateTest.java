package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a data module remembers is part of a checkpoint. */
class DataModuleStateTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    private final class Counting extends LightningDataModule {
        final List<String> calls = new ArrayList<>();

        @Override
        public void setup(Stage stage) {
            calls.add("setup");
        }

        @Override
        public Iterable<Batch> trainDataLoader() {
            calls.add("train");
            return data.regression(8, 4);
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("secret", 17);
        }

        @Override
        public void load(StateReader state) {
            calls.add("load " + state.getLong("secret"));
        }
    }

    private void fit(int epochs, Path folder, LightningDataModule source, boolean resumed) {
        Trainer trainer = Trainers.quiet()
                .maxEpochs(epochs)
                .enableCheckpointing(true)
                .runDirectory(folder)
                .build();
        try (BoringModule module = new BoringModule()) {
            if (resumed) {
                trainer.fit(module, source, CkptPath.last());
            } else {
                trainer.fit(module, source);
            }
        }
    }

    @Test
    void state_comesBackAfterSetup_andBeforeTheLoadersAreAskedFor(@TempDir Path folder) {
        fit(1, folder, new Counting(), false);
        Counting again = new Counting();

        fit(2, folder, again, true);

        assertThat(again.calls).containsExactly("setup", "load 17", "train");
    }
}
