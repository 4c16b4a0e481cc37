package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.MemoryLogger;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation, test and prediction with the weights of a checkpoint. */
class EvaluatedCheckpointTest {
    private final TestData data = TestData.open();

    @TempDir
    Path folder;

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void bestAndLast_areThoseOfTheLastFit() {
        try (Scored module = new Scored()) {
            Trainer trainer = fitted(module);

            assertThat(trainer.test(module, CkptPath.best(), data.ones(1, 1))).containsEntry("score", -2.0);
            assertThat(trainer.validate(module, CkptPath.last(), data.ones(1, 1)))
                    .containsEntry("score", -4.0);
            assertThat(trainer.test(module, CkptPath.best(), data.ones(1, 1)).get("score"))
                    .isEqualTo(-2.0);
            assertThat(module.value()).isEqualTo(-2);
        }
    }

    @Test
    void anotherTrainer_findsTheRunInItsDefaultPlace() {
        try (Scored module = new Scored();
                Scored other = new Scored()) {
            fitted(module);
            Trainer another = Trainers.quiet().defaultRootDir(folder).build();

            assertThat(another.test(other, CkptPath.last(), data.ones(1, 1))).containsEntry("score", -4.0);
            try (PredictResult predictions = another.predict(
                    other,
                    LightningDataModule.builder().predict(data.ones(1, 1)).build(),
                    CkptPath.last())) {
                assertThat(predictions.batches()).hasSize(1);
            }
            assertThat(another.fit(other, data.ones(4, 1), CkptPath.last()).globalStep())
                    .isEqualTo(4);
        }
    }

    @Test
    void theBestOfAFit_isTestedInOneCall() {
        Iterable<Batch> train = data.ones(4, 1);
        Iterable<Batch> val = data.ones(1, 1);
        Iterable<Batch> test = data.ones(1, 1);
        try (Scored module = new Scored()) {
            Trainer trainer = trainer();
            trainer.fit(module, train, val);
            trainer.test(module, CkptPath.best(), test);
            assertThat(module.value()).isEqualTo(-2);
        }
    }

    @Test
    void results_areLoggedAtTheStepOfTheCheckpoint() {
        MemoryLogger logger = new MemoryLogger();
        try (Scored module = new Scored()) {
            Trainer trainer = trainer(logger);
            trainer.fit(module, data.ones(4, 1), data.ones(1, 1));
            assertThat(logger.steps("score")).containsExactly(1L, 2L, 3L, 4L);

            trainer.test(module, CkptPath.best(), data.ones(1, 1));
            trainer.test(module, CkptPath.last(), data.ones(1, 1));
            Trainer another =
                    Trainers.quiet().defaultRootDir(folder).loggers(logger).build();
            another.validate(module, CkptPath.of(checkpoint()), data.ones(1, 1));
            assertThat(logger.steps("score").subList(4, 7)).containsExactly(2L, 4L, 2L);
        }
    }

    private Path checkpoint() {
        return folder.resolve("lightning_logs/0/checkpoints/epoch=0-step=2.safetensors");
    }

    @Test
    void whereThereIsNoCheckpoint_thatIsSaid() {
        try (Scored module = new Scored()) {
            Trainer trainer =
                    Trainers.quiet().defaultRootDir(folder.resolve("none")).build();

            assertThatThrownBy(() -> trainer.test(module, CkptPath.best(), data.ones(1, 1)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("CkptPath.best()");
            assertThatThrownBy(() -> trainer.fit(module, data.ones(1, 1), CkptPath.last()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("CkptPath.last()");
        }
    }

    private Trainer fitted(Scored module) {
        Trainer trainer = trainer();
        trainer.fit(module, data.ones(4, 1), data.ones(1, 1));
        return trainer;
    }

    private Trainer trainer(Logger... loggers) {
        return Trainers.quiet()
                .defaultRootDir(folder)
                .loggers(loggers)
                .maxEpochs(1)
                .valCheckInterval(io.github.lightning4j.Every.steps(1))
                .enableCheckpointing(true)
                .callbacks(ModelCheckpoint.builder()
                        .monitor("distance")
                        .saveLast(true)
                        .build())
                .build();
    }

    /** Its weight falls by 1 with each step; it is best at -2. */
    private static final class Scored extends WeightModule {
        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("score", value());
            log("distance", Math.abs(value() + 2));
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            log("score", value());
        }

        @Override
        public ai.djl.ndarray.NDList predictStep(Batch batch, int batchIndex) {
            return new ai.djl.ndarray.NDList(input(batch).mul(value()));
        }
    }
}
