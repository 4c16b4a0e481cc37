package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.testing.MemoryLogger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name in the rows stands for one value: two places that log under it would overwrite each other. */
class LoggedTwiceTest {
    private static final LogOptions BOTH = LogOptions.defaults().onStep(true).onEpoch(true);

    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2})
    void trainingAndValidation_areRefused_beforeASecondBatch(long sanitySteps) {
        Logging module = new Logging(Map.of("trainingStep", "loss", "validationStep", "loss"));
        Trainer trainer = Trainers.quiet().numSanityValSteps(sanitySteps).build();

        assertThatThrownBy(() -> trainer.fit(module, data(), data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("log('loss') in trainingStep", "validationStep", "'val_loss'");
        assertThat(module.batches).isEqualTo(sanitySteps == 0 ? 3 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "onTrainEpochStart, trainingStep",
        "trainingStep, onTrainEpochEnd",
        "trainingStep, onTrainBatchEnd",
        "validationStep, onValidationEpochEnd",
    })
    void twoHooks_areRefused(String one, String other) {
        Logging module = new Logging(Map.of(one, "x", other, "x"));

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data(), data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(one, other);
    }

    @Test
    void aResumedRun_mayLogAPartOfANameElsewhere(@TempDir Path folder) {
        MemoryLogger logger = new MemoryLogger();
        try (BoringModule before = new Shown(LogOptions.defaults().onStep(true).onEpoch(true));
                BoringModule after = new Shown(LogOptions.defaults()) {
                    @Override
                    public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
                        log("x_step", 2);
                    }
                }) {
            Trainer.Builder trainer = Trainers.quiet().runDirectory(folder).enableCheckpointing(true);
            trainer.build().fit(before, data());
            trainer.maxEpochs(2).loggers(logger).logEveryNSteps(1).build().fit(after, data(), CkptPath.last());
        }

        assertThat(logger.values("x")).isEqualTo(List.of(1.0, 1.0, 1.0));
        assertThat(logger.values("x_step")).isEqualTo(List.of(2.0, 2.0, 2.0));
    }

    /** Logs x in its training step. */
    private static class Shown extends BoringModule {
        private final LogOptions options;

        Shown(LogOptions options) {
            this.options = options;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            log("x", 1, options);
            return loss(batch);
        }
    }

    @Test
    void aCallbackAndTheModule_areRefused() {
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                run.log("x", 1, LogOptions.defaults());
            }
        };
        Logging module = new Logging(Map.of("trainingStep", "x"));

        assertThatThrownBy(() -> Trainers.quiet().callbacks(callback).build().fit(module, data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("onTrainBatchEnd", "trainingStep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x_step", "x_epoch"})
    void aNameThatAnotherOneEndsIn_isRefused(String name) {
        BoringModule module = new BoringModule() {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                log("x", 1, BOTH);
                log(name, 2);
                return loss(batch);
            }
        };

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + name + "' comes from log('x')");
    }

    @Test
    void aSuffixOfALoaderByHand_isRefused() {
        Logging module = new Logging(Map.of("validationStep", "x", "onValidationEpochEnd", "x/dataloader_idx_1"));

        assertThatThrownBy(() -> Trainers.quiet().build().validate(module, data(), data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("x/dataloader_idx_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "epoch", "epoch_time", "samples_per_second", "data_time"})
    void namesOfTheLoop_areRefused(String name) {
        Logging module = new Logging(Map.of("onTrainEpochEnd", name));
        Callback rows = new Callback() {
            @Override
            public void onTrainEpochEnd(Run run) {
                run.logNow(Map.of(name, 1.0));
            }
        };

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("log('" + name + "')");
        assertThatThrownBy(() -> Trainers.quiet().callbacks(rows).build().fit(new BoringModule(), data()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("logNow");
    }

    @Test
    void oneNameInValidationAndTest_isTwoRuns() {
        Trainer trainer = Trainers.quiet().build();
        try (Logging module = new Logging(Map.of("validationStep", "x", "testStep", "x"))) {
            trainer.fit(module, data(), data());

            assertThat(trainer.test(module, data())).containsEntry("x", 1.0);
        }
    }

    @Test
    void aResumedRun_mayLogItElsewhere(@TempDir Path folder) {
        MemoryLogger logger = new MemoryLogger();
        try (Logging before = new Logging(Map.of("trainingStep", "x"));
                Logging after = new Logging(Map.of("onTrainBatchEnd", "x"))) {
            Trainer.Builder trainer = Trainers.quiet().runDirectory(folder).enableCheckpointing(true);
            trainer.build().fit(before, data());
            trainer.maxEpochs(2).loggers(logger).logEveryNSteps(1).build().fit(after, data(), CkptPath.last());
        }

        assertThat(logger.values("x")).isEqualTo(List.of(1.0, 1.0, 1.0));
    }

    private DataLoader data() {
        return data.regression(12, 4);
    }

    /** Logs 1 in the hooks given, under the names given. */
    private static final class Logging extends BoringModule {
        private final Map<String, String> names;
        int batches;

        Logging(Map<String, String> names) {
            this.names = names;
        }

        private void logIn(String hook) {
            String name = names.get(hook);
            if (name != null) {
                log(name, 1);
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            batches++;
            logIn("trainingStep");
            return loss(batch);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            logIn("validationStep");
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            logIn("testStep");
        }

        @Override
        public void onTrainEpochStart() {
            logIn("onTrainEpochStart");
        }

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            logIn("onTrainBatchEnd");
        }

        @Override
        public void onTrainEpochEnd() {
            logIn("onTrainEpochEnd");
        }

        @Override
        public void onValidationEpochEnd() {
            logIn("onValidationEpochEnd");
        }
    }
}
