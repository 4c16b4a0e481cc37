package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint callback of a user's own is treated as {@link ModelCheckpoint} is. */
class CheckpointCallbackTest {
    @TempDir
    Path directory;

    /** Keeps every epoch and calls the first one the best. */
    private static final class FirstIsBest implements CheckpointCallback {
        private final List<Path> saved = new ArrayList<>();
        private final List<Stage> stages = new ArrayList<>();
        private final List<String> order;
        private final @Nullable Path folder;

        FirstIsBest(List<String> order, @Nullable Path folder) {
            this.order = order;
            this.folder = folder;
        }

        @Override
        public void setup(Run run, Stage stage) {
            stages.add(stage);
        }

        @Override
        public @Nullable Path dirpath() {
            return folder;
        }

        @Override
        public @Nullable String monitor() {
            return "train_loss";
        }

        @Override
        public @Nullable Path bestModelPath() {
            return saved.isEmpty() ? null : saved.get(0);
        }

        @Override
        public double bestModelScore() {
            return 0.5;
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            order.add("own");
            if (point == SavePoint.EPOCH) {
                Path file = CheckpointFolder.of(Objects.requireNonNull(run.directory()))
                        .resolve("own-" + run.epoch() + ".safetensors");
                saved.add(file);
                run.saveCheckpoint(file, false);
            }
        }
    }

    private static final class Other implements Callback {
        private final List<String> order;

        Other(List<String> order) {
            this.order = order;
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            order.add("other");
        }
    }

    private final List<String> order = new ArrayList<>();
    private final FirstIsBest own = new FirstIsBest(order, null);

    private Trainer.Builder trainer() {
        return Trainers.quiet().maxEpochs(2).enableCheckpointing(true).runDirectory(directory);
    }

    private FitResult fit(Trainer.Builder builder) {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            return builder.build().fit(module, data.regression(4, 4));
        }
    }

    @Test
    void itIsCalledLast_andNoDefaultIsAddedBesideIt() {
        fit(trainer().callbacks(own, new Other(order)));

        assertThat(order).startsWith("other", "own").endsWith("other", "own");
        assertThat(CheckpointFolder.of(directory))
                .isDirectoryContaining("glob:**/own-1.safetensors")
                .isDirectoryNotContaining("glob:**/epoch=*");
    }

    @Test
    void itsBestCheckpoint_goesBeforeOneThatIsOnlyTheNewest() {
        FitResult result =
                fit(trainer().callbacks(own, ModelCheckpoint.builder().build()));

        Path best = CheckpointFolder.of(directory).resolve("own-1.safetensors");
        assertThat(result.bestCheckpoint()).isEqualTo(best);
        try (Checkpoint found = CkptPath.best().open(directory)) {
            assertThat(found.file()).isEqualTo(best);
        }
    }

    @Test
    void evaluationsAndTrialRuns_leaveItOut() {
        fit(Trainers.quiet().fastDevRun(true).callbacks(own));
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            Trainer trainer = trainer().callbacks(own).build();
            trainer.fit(module, data.regression(4, 4));
            trainer.validate(module, data.regression(4, 4));
        }
        assertThat(own.stages).containsExactly(Stage.TRAIN);
    }

    @Test
    void autoResume_refusesAFolderItWouldNotLookIn() {
        Path elsewhere = directory.resolve("elsewhere");
        Trainer.Builder builder = trainer().autoResume(true).callbacks(new FirstIsBest(order, elsewhere));

        assertThatThrownBy(() -> fit(builder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("FirstIsBest saves to " + elsewhere);
        assertThat(Files.exists(elsewhere)).isFalse();
    }

    @Test
    void aResumedRun_readsItsState() {
        fit(trainer().maxEpochs(1).autoResume(true).callbacks(own));

        FitResult resumed = fit(trainer().autoResume(true).callbacks(new FirstIsBest(order, null)));

        assertThat(resumed.resumedFromSteps()).containsExactly(1L);
    }

    /** Calls its own values what the Trainer calls the ones it keeps of a checkpoint callback. */
    private static final class SameKeys implements CheckpointCallback {
        private static final String PATH = "best_model_path";
        private static final String MONITORED = "monitored";
        private boolean loaded;

        @Override
        public @Nullable Path bestModelPath() {
            return null;
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            run.saveCheckpoint(
                    CheckpointFolder.of(Objects.requireNonNull(run.directory())).resolve("same.safetensors"), false);
        }

        @Override
        public void save(StateWriter state) {
            state.putLong(PATH, 1);
            state.putDouble(MONITORED, 2);
        }

        @Override
        public void load(StateReader state) {
            assertThat(state.getLong(PATH)).isEqualTo(1);
            assertThat(state.getDouble(MONITORED)).isEqualTo(2);
            loaded = true;
        }
    }

    @Test
    void itsState_mayHaveAnyKeys() {
        fit(trainer().maxEpochs(1).autoResume(true).callbacks(new SameKeys()));
        SameKeys resumed = new SameKeys();

        fit(trainer().autoResume(true).callbacks(resumed));

        assertThat(resumed.loaded).isTrue();
    }
}
