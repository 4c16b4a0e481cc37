package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.internal.IndexList;
import io.github.lightning4j.fixture.ChiSquare;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitsTest extends DataFixture {
    @Test
    void random_dividesAnyDatasetWithoutOverlap() throws IOException, TranslateException {
        TensorDataset numbers = numbers(30);
        ArrayDataset array = new ArrayDataset.Builder()
                .setData(numbers.tensors().data().head())
                .optLabels(numbers.tensors().labels().head())
                .setSampling(1, true)
                .build();
        RandomAccessDataset djlPart = array.randomSplit(29, 1)[0];

        List<List<Long>> parts = all(Splits.random(numbers, 1, 20, 7, 3));
        assertThat(parts).extracting(List::size).containsExactly(20, 7, 3);
        assertThat(parts.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 30).boxed().toList());
        assertThat(all(Splits.random(array, 1, 20, 7, 3))).isEqualTo(parts);
        assertThat(all(Splits.random(new NumberRecords(30), 1, 20, 7, 3))).isEqualTo(parts);
        assertThat(all(Splits.random(djlPart, 1, 20, 9)).stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(samples(djlPart));
    }

    @Test
    void random_isAFunctionOfTheSeed() {
        assertThat(all(Splits.random(numbers(30), 1, 20, 10))).isEqualTo(all(Splits.random(numbers(30), 1, 20, 10)));
        assertThat(all(Splits.random(numbers(30), 1, 20, 10))).isNotEqualTo(all(Splits.random(numbers(30), 2, 20, 10)));
    }

    @Test
    void random_isUniform() {
        TensorDataset numbers = numbers(4);
        Map<List<Long>, Long> counts = new HashMap<>();
        for (int seed = 0; seed < 3000; seed++) {
            IndexList part = ((TensorDataset) Splits.random(numbers, seed, 2, 2).get(0))
                    .tensors()
                    .table();
            counts.merge(part.stream().sorted().toList(), 1L, Long::sum);
        }

        assertThat(counts).hasSize(6);
        assertThat(ChiSquare.uniform(
                        counts.values().stream().mapToLong(Long::longValue).toArray()))
                .isLessThan(20.5);
    }

    @Test
    void randomFractions_ofKNths_haveKSamples() {
        for (int n = 2; n <= 60; n++) {
            RandomAccessDataset dataset = numbers(n);
            for (int k = 1; k < n; k++) {
                assertThat(Splits.randomFractions(dataset, 1, (double) k / n, 1 - (double) k / n))
                        .as("%d/%d", k, n)
                        .extracting(RandomAccessDataset::size)
                        .containsExactly((long) k, (long) n - k);
            }
        }
        double tenth = 0.1;
        assertThat(Splits.randomFractions(numbers(15), 1, tenth, tenth, tenth, tenth, tenth, tenth, tenth, tenth, 0.2))
                .as("halves between parts")
                .extracting(RandomAccessDataset::size)
                .containsExactly(2L, 1L, 2L, 1L, 2L, 1L, 2L, 1L, 3L);
    }

    @Test
    void randomFractions_roundTheBoundsToSamples() {
        assertThat(all(Splits.randomFractions(numbers(10), 1, 0.8, 0.1, 0.1)))
                .extracting(List::size)
                .containsExactly(8, 1, 1);
        assertThat(all(Splits.randomFractions(numbers(10), 1, 1 / 3.0, 1 / 3.0, 1 / 3.0)))
                .extracting(List::size)
                .containsExactly(3, 4, 3);
    }

    @Test
    void consecutiveAndRange_keepTheOrder() {
        assertThat(all(Splits.consecutive(numbers(10), 7, 3)))
                .containsExactly(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), List.of(7L, 8L, 9L));
        assertThat(samples(Splits.range(new NumberRecords(10), 4, 6))).containsExactly(4L, 5L);
    }

    @Test
    void partsOfParts_areRightAndFast() {
        RandomAccessDataset inner = Splits.range(Splits.range(numbers(20), 5, 15), 2, 4);

        assertThat(samples(inner)).containsExactly(7L, 8L);
        assertThat(DataLoader.of(inner, 1).readerKind()).isEqualTo(ReaderKind.TENSORS);
    }

    @Test
    void partOfADatasetWithTransforms_keepsThem() {
        RandomAccessDataset records =
                new NumberRecords(new NumberRecords.Builder().addTransform(array -> array.mul(10)), 5);
        TensorDataset numbers = numbers(5);
        RandomAccessDataset array = new ArrayDataset.Builder()
                .setData(numbers.tensors().data().head())
                .optLabels(numbers.tensors().labels().head())
                .setSampling(1, false)
                .addTransform(batch -> batch.mul(10))
                .build();

        Stream.of(records, array)
                .forEach(dataset -> assertThat(read(DataLoader.of(Splits.range(dataset, 3, 5), 2), 1, 0, 0))
                        .extracting(Content::data)
                        .containsExactly(List.of(30f, -30f, 40f, -40f)));
    }

    @Test
    void failingSampleOfAPart_isNamedByItsPlaceInTheWhole() {
        NumberRecords broken = new NumberRecords(10) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                throw new IOException("unreadable");
            }
        };
        RandomAccessDataset part = Splits.range(Splits.range(broken, 4, 10), 3, 5);

        assertThatThrownBy(() -> samples(part))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Sample 7 of " + broken.getClass().getName());
    }

    @Test
    void sizesThatDoNotAddUp_areRefused() {
        assertThatThrownBy(() -> Splits.random(numbers(10), 1, 8, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("[8, 1]")
                .hasMessageContaining("10 samples");
        assertThatThrownBy(() -> Splits.consecutive(numbers(10), 10, 0)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Splits.consecutive(numbers(10), 11, -1)).isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, Double.NaN})
    void fractionsThatDoNotAddUp_areRefused(double second) {
        assertThatThrownBy(() -> Splits.randomFractions(numbers(10), 1, 0.8, second))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected 1");
    }

    @Test
    void fractionThatLeavesAPartEmpty_isRefused() {
        assertThatThrownBy(() -> Splits.randomFractions(numbers(10), 1, 0.99, 0.01))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("[10, 0]");
    }

    @Test
    void rangeOutsideTheDataset_isRefused() {
        for (int[] range : new int[][] {{-1, 3}, {3, 3}, {3, 11}}) {
            assertThatThrownBy(() -> Splits.range(numbers(10), range[0], range[1]))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("10 samples");
        }
    }

    private List<List<Long>> all(List<RandomAccessDataset> parts) {
        return parts.stream().map(this::samples).toList();
    }

    private List<Long> samples(RandomAccessDataset part) {
        return labels(DataLoader.of(part, 4), 1, 0, 0).stream()
                .flatMap(List::stream)
                .toList();
    }
}
