package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.internal.Permutation;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorDatasetTest extends DataFixture {
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16", "UINT8", "INT8", "INT32", "INT64", "BOOLEAN"})
    void rowsOfAnyDtypeAndRank_areGathered(DataType dataType) {
        NDArray values = tensors.create(
                LongStream.range(0, 24).mapToInt(i -> (int) i % 7).toArray());
        NDArray matrix = values.toType(dataType, false).reshape(6, 4);
        NDList data = new NDList(matrix, matrix.reshape(6, 2, 2), matrix.get(":, 0"), matrix.reshape(6, 2, 2, 1));
        TensorDataset dataset = TensorDataset.of(data, new NDList());
        long[] order = Permutation.of(6, new Seeds(3).of(Seeds.Purpose.SHUFFLE, 0, 0));

        DataLoader loader = DataLoader.of(dataset, 6, true);

        assertThat(loader.readerKind()).isEqualTo(ReaderKind.TENSORS);
        try (BatchCursor cursor = loader.open(batches, new Seeds(3), 0, 0);
                Batch batch = cursor.next()) {
            assertThat(batch.getLabels()).isEmpty();
            for (int i = 0; i < data.size(); i++) {
                NDArray expected = data.get(i).get(tensors.create(order));
                assertThat(batch.getData().get(i)).isEqualTo(expected);
                assertThat(batch.getData().get(i).getDataType()).isEqualTo(dataType);
            }
        }
    }

    @Test
    void rowsOfATransposedTensor_areGathered() {
        NDArray transposed = tensors.arange(12f).reshape(3, 4).transpose();

        try (BatchCursor cursor = DataLoader.of(TensorDataset.of(transposed), 3).open(batches, new Seeds(1), 0, 1);
                Batch batch = cursor.next()) {
            assertThat(batch.getData().head().toFloatArray()).containsExactly(3, 7, 11);
        }
    }

    @Test
    void namesOfTensors_arePassedOn() {
        NDArray image = tensors.ones(new Shape(3, 2));
        image.setName("image");

        try (BatchCursor cursor = DataLoader.of(TensorDataset.of(image), 3).open(batches, new Seeds(1), 0, 0);
                Batch batch = cursor.next()) {
            assertThat(batch.getData().get("image")).isNotNull();
        }
    }

    @Test
    void changingABatchInPlace_leavesTheDatasetAlone() {
        TensorDataset dataset = numbers(6);
        for (int workers : new int[] {0, 1}) {
            DataLoader loader =
                    DataLoader.builder(dataset).batchSize(6).workers(workers).build();
            List<Content> before = read(loader, 1, 0, 0);

            try (BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0);
                    Batch batch = cursor.next()) {
                batch.getData().head().muli(100);
                batch.getLabels().head().addi(1);
            }

            assertThat(read(loader, 1, 0, 0)).isEqualTo(before);
        }
    }

    @Test
    void batchesLoadedInsideAMemoryScope_belongToTheirTaker() {
        try (BatchCursor cursor = DataLoader.of(numbers(6), 2).open(batches, new Seeds(1), 0, 0)) {
            Batch batch;
            try (MemoryScope scope = MemoryScope.open()) {
                batch = cursor.next();
            }
            assertThat(batch.getLabels().head().toLongArray()).containsExactly(0, 1);
            batch.close();
        }
    }

    @Test
    void tensorsMadeInsideAMemoryScope_outliveIt() {
        TensorDataset dataset;
        try (MemoryScope scope = MemoryScope.open()) {
            dataset = numbers(3);
        }

        assertThat(labels(DataLoader.of(dataset, 3), 1, 0, 0)).containsExactly(List.of(0L, 1L, 2L));
    }

    @Test
    void regressionTargets_keepTheirShape() {
        TensorDataset dataset = TensorDataset.of(
                tensors, new float[] {1, 2, 3}, new Shape(3, 1), new float[] {4, 5, 6}, new Shape(3, 1));

        try (BatchCursor cursor = DataLoader.of(dataset, 2).open(batches, new Seeds(1), 0, 1);
                Batch batch = cursor.next()) {
            assertThat(batch.getLabels().head().getShape()).isEqualTo(new Shape(1, 1));
            assertThat(batch.getLabels().head().toFloatArray()).containsExactly(6);
        }
    }

    @Test
    void differentFirstDimensions_areRefusedWithTheirShapes() {
        NDArray data = tensors.ones(new Shape(5, 2));
        NDArray labels = tensors.ones(new Shape(4));

        assertThatThrownBy(() -> TensorDataset.of(data, labels))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(5, 2)")
                .hasMessageContaining("(4)");
    }

    @Test
    void noData_scalars_noSamples_andUnusableDtypes_areRefused() {
        assertThatThrownBy(() -> TensorDataset.of(new NDList(), new NDList()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no data");
        NDArray scalar = tensors.create(1f);
        assertThatThrownBy(() -> TensorDataset.of(scalar)).isInstanceOf(DataException.class);
        NDArray empty = tensors.zeros(new Shape(0, 3));
        assertThatThrownBy(() -> TensorDataset.of(empty))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least one sample");
        NDArray text = tensors.create(new String[] {"a", "b"});
        assertThatThrownBy(() -> TensorDataset.of(text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is string");
    }

    @Test
    void valuesThatDoNotFillTheirShape_areRefused() {
        assertThatThrownBy(() -> TensorDataset.of(tensors, new float[5], new Shape(2, 3), new long[2]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("5 values")
                .hasMessageContaining("takes 6");
    }

    @Test
    void djlCode_canIterateIt() throws IOException, TranslateException {
        List<Long> seen = new ArrayList<>();
        for (Batch batch : numbers(40).getData(batches)) {
            for (long label : batch.getLabels().head().toLongArray()) {
                seen.add(label);
            }
            batch.close();
        }

        assertThat(seen).isEqualTo(LongStream.range(0, 40).boxed().toList());
    }

    @Test
    void partsOfDjlsRandomSplit_holdTheirOwnSamplesInDjlCodeToo() throws IOException, TranslateException {
        RandomAccessDataset[] parts = numbers(20).randomSplit(6, 4);
        List<Long> seen = new ArrayList<>();
        for (Batch batch : parts[0].getData(batches, new BatchSampler(new RandomSampler(), 5))) {
            for (long label : batch.getLabels().head().toLongArray()) {
                seen.add(label);
            }
            batch.close();
        }
        for (Batch batch : parts[1].getData(batches)) {
            for (long label : batch.getLabels().head().toLongArray()) {
                seen.add(label);
            }
            batch.close();
        }

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 20).boxed().toList());
    }
}
