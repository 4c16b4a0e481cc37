package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluationResultTest {
    private static final LogOptions BOTH = LogOptions.defaults().onStep(true).onEpoch(true);

    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** Logs a number of each loader, one of all, and one of steps too. */
    private static final class Judge extends BoringModule {
        @Override
        public void testStep(Batch batch, int batchIndex, int loaderIndex) {
            log("acc", 0.5 + loaderIndex);
            log("loss", batchIndex * 1e-5, BOTH);
            print("batch " + batchIndex);
        }

        @Override
        public void onTestEpochEnd() {
            log("all", 7);
        }
    }

    @Test
    void oneLoader_hasEverything() {
        try (Judge judge = new Judge()) {
            EvaluationResult result = Trainers.quiet().build().test(judge, loader());

            assertThat(result)
                    .isEqualTo(result.metrics())
                    .isEqualTo(result.loader(0))
                    .containsEntry("acc", 0.5)
                    .containsEntry("all", 7.0)
                    .containsEntry("loss_step", 1e-5)
                    .containsEntry("loss_epoch", 0.5e-5);
            assertThat(result.loaders()).isOne();
        }
    }

    @Test
    void severalLoaders_areToldApart() {
        try (Judge judge = new Judge()) {
            EvaluationResult result = Trainers.quiet().build().test(judge, loader(), loader());

            assertThat(result).containsEntry("acc/dataloader_idx_0", 0.5).containsEntry("acc/dataloader_idx_1", 1.5);
            assertThat(result.loaders()).isEqualTo(2);
            assertThat(result.loader(0))
                    .containsOnlyKeys("acc", "loss", "loss_step", "loss_epoch", "all")
                    .containsEntry("acc", 0.5);
            assertThat(result.loader(1)).containsEntry("acc", 1.5).containsEntry("all", 7.0);
            assertThatThrownBy(() -> result.loader(2))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("loader(2): there are 2 loaders, counted from 0");
        }
    }

    @Test
    void aTable_isPrintedUnlessSwitchedOff() {
        try (Judge judge = new Judge()) {
            assertThat(printedBy(() -> Trainers.quiet().build().test(judge, loader())))
                    .isEqualTo("batch 0\nbatch 1\n");
            assertThat(printedBy(() ->
                            Trainers.quiet().enableResultTable(true).build().test(judge, loader(), loader())))
                    .isEqualTo("""
                            batch 0
                            batch 1
                            batch 0
                            batch 1
                            --------------------------------
                            test      loader 0      loader 1
                            --------------------------------
                            loss     5.000e-06     5.000e-06
                            acc         0.5000        1.5000
                            all         7.0000        7.0000
                            --------------------------------
                            """);
        }
    }

    @Test
    void theTable_hasWhatThereIs() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("acc/dataloader_idx_1", Double.NaN);
        metrics.put("a_step", 1.0);

        assertThat(new EvaluationResult(metrics, 2).table("validate").lines())
                .containsExactly(
                        "------------------------------------",
                        "validate      loader 0      loader 1",
                        "------------------------------------",
                        "a_step          1.0000        1.0000",
                        "acc                              NaN",
                        "------------------------------------");
        assertThat(new EvaluationResult(Map.of(), 1).table("test")).isEmpty();
    }

    private static String printedBy(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private DataLoader loader() {
        return data.regression(8, 4);
    }
}
