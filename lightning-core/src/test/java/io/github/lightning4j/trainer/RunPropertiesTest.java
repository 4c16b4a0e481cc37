package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.Callback;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.Stage;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.StepLR;
import io.github.lightning4j.testing.MemoryLogger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells of itself to modules and callbacks. */
class RunPropertiesTest {
    private final TestData data = TestData.open();
    private final BoringModule module = new BoringModule() {
        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters()).lr(0.1).build();
            return sgd.withScheduler(new StepLR(sgd, 1));
        }
    };

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    private static Callback atTheStartOfEpochs(Consumer<Run> look) {
        return new Callback() {
            @Override
            public void onTrainEpochStart(Run run) {
                look.accept(run);
            }
        };
    }

    @Test
    void settings_areThoseOfTheRun(@TempDir Path folder) {
        List<Long> epochs = new ArrayList<>();
        List<String> ids = new ArrayList<>();

        FitResult result = Trainers.quiet()
                .minEpochs(1)
                .maxEpochs(2)
                .minSteps(3)
                .maxSteps(50)
                .runDirectory(folder)
                .callbacks(atTheStartOfEpochs(run -> {
                    epochs.add(run.epoch());
                    ids.add(run.id());
                    assertThat(run.device()).isEqualTo(Device.cpu());
                    assertThat(run.dataType()).isEqualTo(DataType.FLOAT32);
                    assertThat(run.minEpochs()).isEqualTo(1);
                    assertThat(run.maxEpochs()).isEqualTo(2);
                    assertThat(run.minSteps()).isEqualTo(3);
                    assertThat(run.maxSteps()).isEqualTo(50);
                    assertThat(run.hasValidation()).isTrue();
                    assertThat(run.directory()).isEqualTo(folder);
                }))
                .build()
                .fit(module, data.regression(8, 4), data.regression(4, 4));

        assertThat(epochs).containsExactly(0L, 1L);
        assertThat(ids.get(0)).isNotBlank().isEqualTo(ids.get(1));
        assertThat(result.runDirectory()).isEqualTo(folder);
    }

    @Test
    void parts_areThoseGiven(@TempDir Path folder) {
        MemoryLogger logger = new MemoryLogger();
        EarlyStopping stopping = EarlyStopping.builder("val_loss").build();
        List<Run> looked = new ArrayList<>();
        Callback looking = atTheStartOfEpochs(run -> {
            looked.add(run);
            assertThat(run.module()).isSameAs(module);
            assertThat(run.loggers()).containsExactly(logger);
            assertThat(run.callbacks()).contains(stopping);
            assertThat(run.optimizers())
                    .singleElement()
                    .satisfies(each -> assertThat(each.name()).isEqualTo("SGD"));
            assertThat(run.schedulers())
                    .singleElement()
                    .extracting(SchedulerConfig::scheduler)
                    .isInstanceOf(StepLR.class);
        });

        Trainers.quiet()
                .runDirectory(folder)
                .loggers(logger)
                .callbacks(stopping, looking)
                .build()
                .fit(module, data.regression(8, 4), data.regression(4, 4));

        assertThat(looked).hasSize(1);
    }

    @Test
    void stages_areToldApart() {
        List<String> told = new ArrayList<>();
        Trainer trainer = Trainers.quiet()
                .numSanityValSteps(1)
                .callbacks(new Callback() {
                    @Override
                    public void onTrainStart(Run run) {
                        tell(run);
                    }

                    @Override
                    public void onValidationStart(Run run) {
                        tell(run);
                    }

                    @Override
                    public void onTestStart(Run run) {
                        tell(run);
                    }

                    @Override
                    public void onPredictStart(Run run) {
                        tell(run);
                    }

                    private void tell(Run run) {
                        List<Long> batches = run.stage() == Stage.TRAIN ? List.of() : run.evaluationBatches();
                        told.add(run.stage() + " " + run.isFitting() + " " + batches);
                    }
                })
                .build();

        trainer.fit(module, data.regression(8, 4), data.regression(8, 4));
        trainer.validate(module, data.regression(8, 4), data.regression(4, 4));
        trainer.test(module, data.regression(12, 4));
        trainer.predict(module, data.regression(4, 4)).close();

        assertThat(told)
                .containsExactly(
                        "SANITY_CHECK true [1]",
                        "TRAIN true []",
                        "VALIDATE true [2]",
                        "VALIDATE false [2, 1]",
                        "TEST false [3]",
                        "PREDICT false [1]");
        assertThat(trainer.isRunning()).isFalse();
    }

    @Test
    void print_writesALine() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            Trainers.quiet()
                    .callbacks(atTheStartOfEpochs(run -> run.print("of a callback")))
                    .build()
                    .fit(module, data.regression(4, 4));
        } finally {
            System.setOut(before);
        }

        assertThat(written.toString(StandardCharsets.UTF_8)).contains("of a callback" + System.lineSeparator());
    }
}
