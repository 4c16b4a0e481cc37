package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Limit;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Epochs whose loaders are new, and epochs that are all the same. */
class LoadersAnewTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void loadersAreAskedForAnew_everyNEpochs() {
        List<Integer> batches = new ArrayList<>();
        BoringModule module = new BoringModule() {
            private int trainings;
            private int validations;

            @Override
            public Iterable<Batch> trainDataLoader() {
                return data.regression(4 * ++trainings, 4);
            }

            @Override
            public Iterable<Batch> valDataLoader() {
                return data.regression(4 * ++validations, 4);
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                super.validationStep(batch, batchIndex);
                batches.add(batchIndex);
            }
        };
        try (module) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(5)
                    .reloadDataLoadersEveryNEpochs(2)
                    .build()
                    .fit(module);

            assertThat(result.globalStep()).isEqualTo(1 + 1 + 2 + 2 + 3);
            assertThat(batches).containsExactly(0, 0, 0, 1, 0, 1, 0, 1, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "2, 1", "3, 2"})
    void aResumedRun_asksInTheEpochsOfAnUndisturbedOne(long epoch, int batch, @TempDir Path folder) {
        Map<Long, Integer> undisturbed = new TreeMap<>();
        fit(undisturbed, folder.resolve("whole"), -1, 0);
        Map<Long, Integer> resumed = new TreeMap<>();
        fit(resumed, folder.resolve("parts"), epoch, batch);
        resumed.replaceAll((each, calls) -> calls - 1);
        fit(resumed, folder.resolve("parts"), -1, 0);

        assertThat(undisturbed).isEqualTo(Map.of(0L, 1, 1L, 1, 2L, 2, 3L, 2, 4L, 3, 5L, 3));
        for (long each = epoch + 2; each <= 5; each++) {
            assertThat(resumed.get(each) - resumed.get(each - 1))
                    .as("asked anew in epoch %d", each)
                    .isEqualTo(each % 2 == 0 ? 1 : 0);
        }
    }

    /** Notes in each epoch that starts how often the loaders have been asked for. */
    private void fit(Map<Long, Integer> calls, Path run, long stopEpoch, int stopBatch) {
        BoringModule module = new BoringModule() {
            private int asked;

            @Override
            public Iterable<Batch> trainDataLoader() {
                asked++;
                return data.regression(12, 4);
            }

            @Override
            public void onTrainEpochStart() {
                calls.put(run().epoch(), asked);
            }

            @Override
            public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
                if (run().epoch() == stopEpoch && batchIndex == stopBatch) {
                    run().interrupt("test");
                }
            }
        };
        try (module) {
            Trainers.quiet()
                    .maxEpochs(6)
                    .reloadDataLoadersEveryNEpochs(2)
                    .runDirectory(run)
                    .autoResume(true)
                    .build()
                    .fit(module);
        }
    }

    @Test
    void loadersThatWereGiven_cannotBeAskedForAnew() {
        try (WeightModule module = new WeightModule()) {
            Trainer trainer = Trainers.quiet().reloadDataLoadersEveryNEpochs(1).build();

            assertThatThrownBy(() -> trainer.fit(module, data.ones(4, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("reloadDataLoadersEveryNEpochs")
                    .hasMessageContaining("trainDataLoader");
        }
    }

    @Test
    void overfitBatches_trainsOnTheSameBatchesInEachEpoch_andValidatesOnAsMany() {
        List<Float> seen = new ArrayList<>();
        List<Integer> validated = new ArrayList<>();
        WeightModule module = new WeightModule() {
            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                seen.add(input(batch).getFloat());
                return super.trainingStep(batch, batchIndex);
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                validated.add(batchIndex);
            }
        };
        TensorDataset numbers = TensorDataset.of(data.manager().arange(20f).reshape(20, 1));
        try (module) {
            Trainers.quiet()
                    .maxEpochs(3)
                    .overfitBatches(Limit.batches(2))
                    .build()
                    .fit(module, DataLoader.of(numbers, 1, true), data.ones(8, 1));

            assertThat(seen).hasSize(6);
            assertThat(seen.subList(2, 4)).isEqualTo(seen.subList(0, 2));
            assertThat(seen.subList(4, 6)).isEqualTo(seen.subList(0, 2));
            assertThat(validated).containsExactly(0, 1, 0, 1, 0, 1);
        }
    }
}
