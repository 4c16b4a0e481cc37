package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderOrderTest extends DataFixture {
    @Test
    void withoutShuffle_batchesComeInOrderAndTheLastIsSmaller() {
        DataLoader loader = DataLoader.of(numbers(10), 4);

        List<Content> contents = read(loader, 1, 0, 0);

        assertThat(contents)
                .extracting(Content::labels)
                .containsExactly(List.of(0L, 1L, 2L, 3L), List.of(4L, 5L, 6L, 7L), List.of(8L, 9L));
        assertThat(contents).extracting(Content::size).containsExactly(4, 4, 2);
        assertThat(contents.get(2).shape()).isEqualTo(new Shape(2, 2));
        assertThat(contents.get(2).data()).containsExactly(8f, -8f, 9f, -9f);
        assertThat(loader.batchCount()).isEqualTo(3);
    }

    @Test
    void dropLast_leavesOutTheSmallerBatch() {
        DataLoader loader =
                DataLoader.builder(numbers(10)).batchSize(4).dropLast(true).build();

        assertThat(labels(loader, 1, 0, 0)).containsExactly(List.of(0L, 1L, 2L, 3L), List.of(4L, 5L, 6L, 7L));
        assertThat(loader.batchCount()).isEqualTo(2);
    }

    @Test
    void batchSizeAboveTheDataset_givesOneBatchOfAll() {
        assertThat(labels(DataLoader.of(numbers(3), Integer.MAX_VALUE), 1, 0, 0))
                .containsExactly(List.of(0L, 1L, 2L));
    }

    @Test
    void shuffle_isAFunctionOfSeedAndEpoch() {
        TensorDataset dataset = numbers(50);
        DataLoader loader = DataLoader.of(dataset, 8, true);
        List<List<Long>> order = labels(loader, 1, 0, 0);

        assertThat(order.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 50).boxed().toList());
        assertThat(labels(loader, 1, 0, 0)).isEqualTo(order);
        assertThat(labels(DataLoader.of(dataset, 8, true), 1, 0, 0)).isEqualTo(order);
        assertThat(labels(loader, 1, 1, 0)).isNotEqualTo(order);
        assertThat(labels(loader, 2, 0, 0)).isNotEqualTo(order);
    }

    @Test
    void shuffle_keepsDataAndLabelsTogether() {
        for (Content content : read(DataLoader.of(numbers(50), 8, true), 3, 0, 0)) {
            for (int i = 0; i < content.size(); i++) {
                assertThat(content.data().get(2 * i))
                        .isEqualTo(content.labels().get(i).floatValue());
                assertThat(content.data().get(2 * i + 1))
                        .isEqualTo(-content.labels().get(i).floatValue());
            }
        }
    }

    @Test
    void order_isTheSameHoweverSamplesAreRead() {
        List<Content> gathered = read(DataLoader.of(numbers(21), 4, true), 5, 2, 0);

        for (int workers : new int[] {0, 1, 4}) {
            DataLoader records = DataLoader.builder(new NumberRecords(21))
                    .batchSize(4)
                    .shuffle(true)
                    .workers(workers)
                    .build();
            assertThat(read(records, 5, 2, 0)).isEqualTo(gathered);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void skip_toEveryPosition_givesTheRestOfTheEpoch(int workers) {
        Stream.of(numbers(21), new NumberRecords(21)).forEach(dataset -> {
            DataLoader loader = DataLoader.builder(dataset)
                    .batchSize(4)
                    .shuffle(true)
                    .workers(workers)
                    .build();
            List<Content> all = read(loader, 5, 2, 0);
            for (int skip = 0; skip <= 6; skip++) {
                assertThat(read(loader, 5, 2, skip)).isEqualTo(all.subList(skip, 6));
            }
        });
    }

    @Test
    void skip_loadsNothingOfWhatItSkips() {
        NumberRecords dataset = new NumberRecords(20);

        labels(DataLoader.of(dataset, 4), 1, 0, 3);

        assertThat(dataset.loaded).containsExactly(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    }

    @Test
    void skip_outsideTheEpoch_isRefused() {
        DataLoader loader = DataLoader.of(numbers(20), 4);

        assertThatThrownBy(() -> loader.open(batches, new Seeds(1), 0, 6))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("after batch 6")
                .hasMessageContaining("has 5 batches");
        assertThatThrownBy(() -> loader.open(batches, new Seeds(1), 0, -1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void next_afterTheLastBatchOrClose_isNoSuchElement() {
        for (int workers : new int[] {0, 2}) {
            DataLoader loader =
                    DataLoader.builder(numbers(8)).batchSize(4).workers(workers).build();
            BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 1);
            cursor.next().close();
            assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
            cursor.close();

            BatchCursor closed = loader.open(batches, new Seeds(1), 0, 0);
            closed.close();
            assertThat(closed.hasNext()).isFalse();
            assertThatThrownBy(closed::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void batch_tellsItsProgressAndIndices() {
        try (BatchCursor cursor = DataLoader.of(numbers(10), 4).open(batches, new Seeds(1), 0, 2);
                Batch batch = cursor.next()) {
            assertThat(batch.getIndices()).isEqualTo(List.of(8L, 9L));
            assertThat(batch.getProgress()).isEqualTo(10);
            assertThat(batch.getProgressTotal()).isEqualTo(10);
        }
    }

    @Test
    void plainLoop_givesAllBatchesAndFreesEverything() {
        int samples = 0;
        for (Batch batch : DataLoader.of(new NumberRecords(10), 4)) {
            samples += batch.getSize();
            batch.close();
        }

        assertThat(samples).isEqualTo(10);
    }

    @Test
    void split_dividesABatchAsDjlDoes() {
        try (BatchCursor cursor = DataLoader.of(numbers(10), 4).open(batches, new Seeds(1), 0, 0);
                Batch batch = cursor.next()) {
            Device cpu = Device.cpu();
            Batch[] halves = batch.split(new Device[] {cpu, cpu}, true);

            assertThat(halves[1].getLabels().head().toLongArray()).containsExactly(2, 3);
        }
    }
}
