package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import ai.djl.translate.TranslateException;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What DJL's own iteration gives, a DataLoader gives too, except where DJL is wrong. */
class DjlDatasetsTest extends DataFixture {
    @Test
    void transformsOfRecords_seeSamplesAndThoseOfLabelsBatches() throws IOException, TranslateException {
        RandomAccessDataset dataset = new NumberRecords(
                new NumberRecords.Builder()
                        .addTransform(array -> array.mul(2).add(array.getShape().dimension()))
                        .addTargetTransform(
                                labels -> labels.mul(labels.getShape().get(0))),
                10);

        assertSameAsDjl(dataset);
        assertThat(read(DataLoader.of(dataset, 4), 1, 0, 2))
                .extracting(Content::data, Content::labels)
                .containsExactly(tuple(List.of(17f, -15f, 19f, -17f), List.of(16L, 18L)));
    }

    @Test
    void transformsOfTensors_seeBatches() throws IOException, TranslateException {
        ArrayDataset dataset = array(10)
                .addTransform(array -> array.add(array.getShape().dimension()))
                .addTargetTransform(labels -> labels.mul(labels.getShape().get(0)))
                .build();

        assertThat(DataLoader.of(dataset, 4).readerKind()).isEqualTo(ReaderKind.TENSORS);
        assertSameAsDjl(dataset);
    }

    @Test
    void arrayDatasetWithoutLabels_givesBatchesWithoutLabels() {
        ArrayDataset dataset = new ArrayDataset.Builder()
                .setData(tensors.ones(new Shape(4, 2)))
                .setSampling(2, false)
                .build();

        try (BatchCursor cursor = DataLoader.of(dataset, 3).open(batches, new Seeds(1), 0, 0);
                Batch batch = cursor.next()) {
            assertThat(batch.getLabels()).isEmpty();
            assertThat(batch.getData().head().getShape()).isEqualTo(new Shape(3, 2));
        }
    }

    @Test
    void limitOfADataset_holds() {
        assertThat(labels(DataLoader.of(array(10).optLimit(3).build(), 2), 1, 0, 0))
                .containsExactly(List.of(0L, 1L), List.of(2L));
    }

    @Test
    void collate_replacesTheBatchifiers() {
        NumberRecords ragged = new NumberRecords(3) {
            @Override
            public Record get(NDManager manager, long index) {
                return new Record(new NDList(manager.ones(new Shape(index + 1))), new NDList(manager.create(index)));
            }
        };
        assertThatThrownBy(() -> labels(DataLoader.of(ragged, 3), 1, 0, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("0, 1, 2 of " + ragged.getClass().getName())
                .hasMessageContaining("collate");

        PaddingStackBatchifier padding = PaddingStackBatchifier.builder()
                .addPad(0, 0, manager -> manager.zeros(new Shape(1)))
                .build();
        DataLoader loader = DataLoader.builder(ragged)
                .batchSize(3)
                .collate(padding, Batchifier.STACK)
                .build();

        Content content = read(loader, 1, 0, 0).get(0);
        assertThat(content.shape()).isEqualTo(new Shape(3, 3));
        assertThat(content.data()).containsExactly(1f, 0f, 0f, 1f, 1f, 0f, 1f, 1f, 1f);
    }

    @Test
    void arraysThatADatasetPutsOnItsOwnManager_areFreedToo() {
        NDArray images = tensors.arange(20f).reshape(10, 2);
        NumberRecords dataset = new NumberRecords(new NumberRecords.Builder().addTransform(array -> array.mul(2)), 10) {
            @Override
            public Record get(NDManager manager, long index) {
                return new Record(new NDList(images.get(index)), new NDList(manager.create(index)));
            }
        };
        NativeMemory before = NativeMemory.below(tensors);

        for (int epoch = 0; epoch < 3; epoch++) {
            labels(DataLoader.of(dataset, 4), 1, epoch, 0);
        }

        assertThat(NativeMemory.below(tensors)).isEqualTo(before);
    }

    @Test
    void sampler_decidesOnBatchesAndIsFastForwardedWithoutLoading() {
        NumberRecords dataset = new NumberRecords(6);
        Sampler pairsFromTheEnd = sampler(List.of(List.of(5L, 4L), List.of(3L), List.of(2L, 1L, 0L)));
        DataLoader loader = DataLoader.builder(dataset).sampler(pairsFromTheEnd).build();

        assertThat(loader.batchCount()).isEqualTo(-1);
        assertThat(labels(loader, 1, 0, 0)).containsExactly(List.of(5L, 4L), List.of(3L), List.of(2L, 1L, 0L));
        dataset.loaded.clear();
        assertThat(labels(loader, 1, 0, 2)).containsExactly(List.of(2L, 1L, 0L));
        assertThat(dataset.loaded).containsExactly(2L, 1L, 0L);
        assertThat(labels(loader, 1, 0, 3)).isEmpty();
        assertThatThrownBy(() -> loader.open(batches, new Seeds(1), 0, 4))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ended after 3");
    }

    @Test
    void djlsRandomSampler_isAFunctionOfSeedAndEpoch() {
        DataLoader loader = DataLoader.builder(numbers(50))
                .sampler(new BatchSampler(new RandomSampler(), 8))
                .build();
        List<List<Long>> order = labels(loader, 1, 0, 0);

        RandomUtils.nextInt();

        assertThat(labels(loader, 1, 0, 0)).isEqualTo(order);
        assertThat(labels(loader, 1, 0, 3)).isEqualTo(order.subList(3, 7));
        assertThat(labels(loader, 1, 1, 0)).isNotEqualTo(order);
    }

    @Test
    void samplerThatGivesNothingOrWrongIndices_isRefused() {
        DataLoader.Builder builder = DataLoader.builder(numbers(4));

        assertThatThrownBy(() -> labels(builder.sampler(sampler(List.of())).build(), 1, 0, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no batch");
        assertThatThrownBy(() -> labels(
                        builder.sampler(sampler(List.of(List.of(1L), List.of())))
                                .build(),
                        1,
                        0,
                        0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("empty batch 1");
        assertThatThrownBy(() -> labels(
                        builder.sampler(sampler(List.of(List.of(1L, 4L))))
                                .workers(1)
                                .build(),
                        1,
                        0,
                        0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("sample 4")
                .hasMessageContaining("samples 0 to 3");
    }

    @Test
    void partsOfDjlsRandomSplit_doNotOverlap() throws IOException, TranslateException {
        RandomAccessDataset[] parts = array(20).build().randomSplit(8, 2);

        List<Long> train = labels(DataLoader.of(parts[0], 4, true), 1, 0, 0).stream()
                .flatMap(List::stream)
                .toList();
        List<Long> val = labels(DataLoader.of(parts[1], 1), 1, 0, 0).stream()
                .flatMap(List::stream)
                .toList();

        assertThat(train).hasSize(16).doesNotContainAnyElementsOf(val);
        assertThat(val).hasSize(4);
        assertThat(Stream.concat(train.stream(), val.stream()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 20).boxed().toList());
    }

    @Test
    void datasetThatMakesItsOwnBatches_isAskedForThem() {
        NumberRecords dataset = new NumberRecords(10) {
            @Override
            public Iterable<Batch> getData(NDManager manager, Sampler sampler, ExecutorService executor)
                    throws IOException, TranslateException {
                List<Batch> doubled = new ArrayList<>();
                for (Batch batch : super.getData(manager, sampler, executor)) {
                    batch.getData().head().muli(2);
                    doubled.add(batch);
                    break;
                }
                return doubled;
            }
        };

        assertThat(DataLoader.of(dataset, 2).readerKind()).isEqualTo(ReaderKind.ITERABLE);
        assertThat(read(DataLoader.of(dataset, 2), 1, 0, 4))
                .extracting(Content::data)
                .containsExactly(List.of(16f, -16f, 18f, -18f));
        assertThatThrownBy(() -> DataLoader.builder(dataset)
                        .batchSize(2)
                        .collate(Batchifier.STACK, Batchifier.STACK)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("getData");
    }

    @Test
    void failingTransformOfTensors_namesItsBatch() {
        ArrayDataset dataset = array(10)
                .addTransform(array -> {
                    throw new IllegalStateException("no such filter");
                })
                .build();

        assertThatThrownBy(() -> labels(DataLoader.of(dataset, 4), 1, 0, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Batch 1 of " + ArrayDataset.class.getName())
                .hasMessageContaining("4, 5, 6, 7")
                .hasMessageContaining("no such filter");
    }

    private ArrayDataset.Builder array(int count) {
        TensorDataset numbers = numbers(count);
        return new ArrayDataset.Builder()
                .setData(numbers.tensors().data().head())
                .optLabels(numbers.tensors().labels().head())
                .setSampling(4, false);
    }

    private void assertSameAsDjl(RandomAccessDataset dataset) throws IOException, TranslateException {
        List<Content> expected = new ArrayList<>();
        for (Batch batch : dataset.getData(batches, new BatchSampler(new SequenceSampler(), 4))) {
            expected.add(Content.of(batch));
            batch.close();
        }

        assertThat(read(DataLoader.of(dataset, 4), 1, 0, 0)).isEqualTo(expected);
    }

    private static Sampler sampler(List<List<Long>> plan) {
        return new Sampler() {
            @Override
            public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
                return Collections.unmodifiableList(plan).iterator();
            }

            @Override
            public int getBatchSize() {
                return -1;
            }
        };
    }
}
