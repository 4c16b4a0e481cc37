package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import ai.djl.util.Progress;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.augment.RandomCrop;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderOptionsTest extends DataFixture {
    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void batchSize_belowOne_isRefusedAtTheCall(int batchSize) {
        DataLoader.Builder builder = DataLoader.builder(numbers(4));

        assertThatThrownBy(() -> builder.batchSize(batchSize))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("batchSize is " + batchSize + ", but it must be 1 or more.");
    }

    @Test
    void builtLoader_isNotChangedByItsBuilder() {
        NumberRecords dataset = new NumberRecords(7);
        DataLoader.Builder builder = DataLoader.builder(dataset)
                .batchSize(2)
                .workers(0)
                .name("before")
                .augment((sample, random) -> sample.add(1));
        DataLoader loader = builder.build();
        List<Content> before = read(loader, 1, 0, 0);

        builder.batchSize(3)
                .shuffle(true)
                .dropLast(true)
                .collate(PaddingStackBatchifier.builder().build(), Batchifier.STACK)
                .augment((sample, random) -> sample.mul(2))
                .workers(2)
                .prefetch(4)
                .name("after")
                .sampler(new BatchSampler(new SequenceSampler(), 1));

        assertThat(read(loader, 1, 0, 0)).isEqualTo(before);
        assertThat(loader.batchCount()).isEqualTo(4);
        assertThat(loader.name()).isEqualTo("before");
        dataset.loaded.clear();
        loader.open(batches, new Seeds(1), 0, 0).close();
        assertThat(dataset.loaded).as("samples loaded ahead").isEmpty();
    }

    @Test
    void workersAndPrefetch_outOfRange_areRefusedAtTheCall() {
        DataLoader.Builder builder = DataLoader.builder(numbers(4));

        assertThatThrownBy(() -> builder.workers(-1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder.prefetch(0)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void prefetch_withoutAWorker_isRefused() {
        assertThatThrownBy(() ->
                        DataLoader.builder(numbers(4)).batchSize(2).prefetch(3).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("workers(1)");
    }

    @Test
    void build_withoutBatchSizeOrSampler_isRefused() {
        assertThatThrownBy(() -> DataLoader.builder(numbers(4)).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("batchSize");
    }

    @Test
    void sampler_withBatchSizeShuffleOrDropLast_isRefused() {
        BatchSampler sampler = new BatchSampler(new SequenceSampler(), 2);

        assertThatThrownBy(() -> DataLoader.builder(numbers(4))
                        .sampler(sampler)
                        .batchSize(2)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sampler");
        assertThatThrownBy(() -> DataLoader.builder(numbers(4))
                        .sampler(sampler)
                        .shuffle(true)
                        .build())
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> DataLoader.builder(numbers(4))
                        .sampler(sampler)
                        .dropLast(true)
                        .build())
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void emptyDataset_isRefused() {
        assertThatThrownBy(() -> DataLoader.of(new NumberRecords(0), 2))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("NumberRecords")
                .hasMessageContaining("has 0 samples");
    }

    @Test
    void dropLast_thatLeavesNoBatch_isRefused() {
        assertThatThrownBy(() -> DataLoader.builder(numbers(3))
                        .batchSize(4)
                        .dropLast(true)
                        .build())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("3 samples")
                .hasMessageContaining("batch 4");
    }

    @Test
    void datasetThatCannotBePrepared_isADataExceptionWithItsCause() {
        NumberRecords dataset = new NumberRecords(3) {
            @Override
            public void prepare(Progress progress) {
                throw new UncheckedIOException(new IOException("no network"));
            }
        };

        assertThatThrownBy(() -> DataLoader.of(dataset, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no network")
                .hasCauseInstanceOf(UncheckedIOException.class);
    }

    @Test
    void open_ofTensorsWhoseManagerIsClosed_saysSo() {
        DataLoader loader = DataLoader.of(numbers(4), 2);
        tensors.close();

        assertThatThrownBy(() -> labels(loader, 1, 0, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void dataLoaders_shuffleTrainingAndDoubleTheBatchOfValidation() {
        DataLoaders loaders = DataLoaders.of(numbers(20), numbers(20), 4);

        assertThat(loaders.train().batchCount()).isEqualTo(5);
        assertThat(loaders.val().batchCount()).isEqualTo(3);
        assertThat(labels(loaders.train(), 1, 0, 0)).isNotEqualTo(labels(loaders.train(), 1, 1, 0));
        assertThat(labels(loaders.val(), 1, 0, 0)).isEqualTo(labels(DataLoader.of(numbers(20), 8), 1, 1, 0));
        assertThat(loaders.train().name()).isEqualTo("train");
        assertThatThrownBy(() -> DataLoaders.of(numbers(4), numbers(4), 0)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void readers_areTheFastestThatFit() {
        assertThat(reader(DataLoader.builder(numbers(4)))).isEqualTo(ReaderKind.TENSORS);
        assertThat(reader(DataLoader.builder(numbers(4)).collate(Batchifier.STACK, Batchifier.STACK)))
                .isEqualTo(ReaderKind.TENSORS);
        assertThat(reader(DataLoader.builder(new NumberRecords(4)))).isEqualTo(ReaderKind.SAMPLES);
        assertThat(reader(DataLoader.builder(numbers(4)).augment(new RandomCrop(1))))
                .isEqualTo(ReaderKind.SAMPLES);
    }

    private static ReaderKind reader(DataLoader.Builder builder) {
        return builder.batchSize(2).build().readerKind();
    }
}
