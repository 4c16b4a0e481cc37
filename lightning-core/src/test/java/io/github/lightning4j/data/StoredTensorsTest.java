package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.augment.RandomCrop;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets, transforms, augmentations and batchifiers that hand out tensors they keep, in each kind of reader. */
class StoredTensorsTest extends DataFixture {
    private static final int SAMPLES = 4;

    private final List<NDArray> stored = new ArrayList<>();

    static Stream<Function<StoredTensorsTest, DataLoader>> keepers() {
        return Stream.of(
                StoredTensorsTest::records,
                StoredTensorsTest::oneListForDataAndLabels,
                StoredTensorsTest::transformOfRecords,
                StoredTensorsTest::transformOfLabels,
                StoredTensorsTest::augmentation,
                StoredTensorsTest::batchifier,
                StoredTensorsTest::transformOfTensors,
                StoredTensorsTest::rows,
                StoredTensorsTest::batchesOfItsOwn);
    }

    @ParameterizedTest
    @MethodSource("keepers")
    void tensorsThatAreKept_areReadInEveryEpochAndStay(Function<StoredTensorsTest, DataLoader> keeper) {
        DataLoader loader = keeper.apply(this);
        NativeMemory before = NativeMemory.below(tensors);
        List<Content> first = read(loader, 1, 0, 0);

        assertThat(first).hasSize(2);
        assertThat(read(loader, 1, 1, 0)).isEqualTo(first);
        assertThat(read(loader, 1, 2, 0)).isEqualTo(first);
        assertThat(stored).isNotEmpty().allSatisfy(array -> {
            assertThat(array.isReleased()).isFalse();
            assertThat(array.getManager()).isSameAs(tensors);
        });
        assertThat(NativeMemory.below(tensors)).isEqualTo(before);
    }

    private DataLoader records() {
        NDArray[] rows = rowsOf(2);
        return DataLoader.of(dataset(new NumberRecords.Builder(), i -> new NDList(rows[i])), 2);
    }

    private DataLoader oneListForDataAndLabels() {
        NDList list = new NDList(keep(tensors.create(new long[] {3})));
        RandomAccessDataset same = new NumberRecords(new NumberRecords.Builder(), SAMPLES) {
            @Override
            public Record get(NDManager manager, long index) {
                return new Record(list, list);
            }
        };
        return DataLoader.builder(same)
                .batchSize(2)
                .augment((x, random) -> x.toType(DataType.FLOAT32, true))
                .build();
    }

    private DataLoader transformOfRecords() {
        NDArray noise = keep(tensors.ones(new Shape(2)));
        return DataLoader.of(new NumberRecords(new NumberRecords.Builder().addTransform(x -> noise), SAMPLES), 2);
    }

    private DataLoader transformOfLabels() {
        NDArray labels = keep(tensors.create(new long[] {1, 2}));
        return DataLoader.of(
                new NumberRecords(new NumberRecords.Builder().addTargetTransform(x -> labels), SAMPLES), 2);
    }

    private DataLoader augmentation() {
        NDArray noise = keep(tensors.ones(new Shape(2)));
        return DataLoader.builder(numbers(SAMPLES))
                .batchSize(2)
                .augment((x, random) -> noise)
                .build();
    }

    private DataLoader batchifier() {
        NDArray whole = keep(tensors.ones(new Shape(2, 2)));
        Batchifier constant = new Batchifier() {
            @Override
            public NDList batchify(NDList[] inputs) {
                return new NDList(whole);
            }

            @Override
            public NDList[] unbatchify(NDList inputs) {
                throw new UnsupportedOperationException();
            }
        };
        return DataLoader.builder(new NumberRecords(SAMPLES))
                .batchSize(2)
                .collate(constant, Batchifier.STACK)
                .build();
    }

    private DataLoader transformOfTensors() {
        NDArray noise = keep(tensors.ones(new Shape(2, 3)));
        DataLoader loader = DataLoader.of(
                new ArrayDataset.Builder()
                        .setData(tensors.ones(new Shape(SAMPLES, 3)))
                        .optLabels(tensors.arange(SAMPLES).toType(DataType.INT64, true))
                        .setSampling(2, false)
                        .addTransform(x -> noise)
                        .build(),
                2);
        assertThat(loader.readerKind()).isEqualTo(ReaderKind.TENSORS);
        return loader;
    }

    private DataLoader rows() {
        NDArray x = keep(tensors.ones(new Shape(2, 3)));
        NDArray y = keep(tensors.create(new long[] {5, 6}));
        DataLoader loader = DataLoader.of(
                new ArrayDataset(new ArrayDataset.Builder()
                        .setData(tensors.ones(new Shape(SAMPLES, 3)))
                        .setSampling(2, false)) {
                    @Override
                    public Batch getByIndices(NDManager manager, long... indices) {
                        return new Batch(
                                tensors, new NDList(x), new NDList(y), 2, Batchifier.STACK, Batchifier.STACK, 0, 0);
                    }
                },
                2);
        assertThat(loader.readerKind()).isEqualTo(ReaderKind.ROWS);
        return loader;
    }

    private DataLoader batchesOfItsOwn() {
        NDArray x = keep(tensors.ones(new Shape(2, 3)));
        NDArray y = keep(tensors.create(new long[] {5, 6}));
        DataLoader loader = DataLoader.of(
                new NumberRecords(SAMPLES) {
                    @Override
                    public Iterable<Batch> getData(NDManager manager, Sampler sampler, ExecutorService executor) {
                        return List.of(new Batch(
                                tensors, new NDList(x), new NDList(y), 2, Batchifier.STACK, Batchifier.STACK, 0, 0));
                    }
                },
                2);
        assertThat(loader.readerKind()).isEqualTo(ReaderKind.ITERABLE);
        return loader;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void transformsInPlace_leaveStoredTensorsAlone(int workers) {
        NDArray[] rows = rowsOf(2);
        DataLoader loader = DataLoader.builder(
                        dataset(new NumberRecords.Builder().addTransform(x -> x.muli(2)), i -> new NDList(rows[i])))
                .batchSize(2)
                .workers(workers)
                .build();
        List<Content> first = read(loader, 1, 0, 0);

        assertThat(first.get(1).data()).containsExactly(4f, 4f, 6f, 6f);
        assertThat(read(loader, 1, 1, 0)).isEqualTo(first);
    }

    @Test
    void aCacheThatIsFilledByGet_worksWithCopiesAndIsRefusedWithoutThem() {
        Map<Integer, NDArray> cache = new HashMap<>();
        RandomAccessDataset wrong = dataset(
                new NumberRecords.Builder(),
                i -> new NDList(cache.computeIfAbsent(i, key -> tensors.full(new Shape(2), (float) key))));
        read(DataLoader.of(wrong, 2), 1, 0, 0);
        assertThatThrownBy(() -> read(DataLoader.of(wrong, 2), 1, 1, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Sample 0 of ")
                .hasMessageContaining("get(manager, index) returned an array that is closed")
                .hasMessageContaining("array.duplicate()");

        cache.clear();
        RandomAccessDataset right = dataset(
                new NumberRecords.Builder(),
                i -> new NDList(cache.computeIfAbsent(i, key -> tensors.full(new Shape(2), (float) key))
                        .duplicate()));
        List<Content> first = read(DataLoader.of(right, 2), 1, 0, 0);
        assertThat(read(DataLoader.of(right, 2), 1, 1, 0)).isEqualTo(first);
    }

    @Test
    void failures_areBlamedOnTheStepThatFailed() {
        failing(DataLoader.of(
                        new NumberRecords(new NumberRecords.Builder().addTransform(x -> x.reshape(7)), SAMPLES), 2))
                .hasMessageContaining("Sample 0 of " + NumberRecords.class.getName() + " could not be transformed, in ")
                .hasMessageContaining("StoredTensorsTest.lambda$");
        failing(DataLoader.of(
                        new NumberRecords(new NumberRecords.Builder().addTargetTransform(x -> x.reshape(7)), SAMPLES),
                        2))
                .hasMessageContaining("The labels of samples 0, 1 of " + NumberRecords.class.getName()
                        + " could not be transformed, in ")
                .hasMessageContaining("StoredTensorsTest.lambda$");
        failing(DataLoader.of(
                        new ArrayDataset.Builder()
                                .setData(tensors.ones(new Shape(SAMPLES, 3)))
                                .setSampling(2, false)
                                .addTransform(x -> x.reshape(7))
                                .build(),
                        2))
                .hasMessageContaining("(samples 0, 1) could not be transformed, in ")
                .hasMessageContaining("StoredTensorsTest.lambda$");
        failing(DataLoader.builder(numbers(SAMPLES))
                        .batchSize(2)
                        .augment(new RandomCrop(1))
                        .build())
                .hasMessageContaining(
                        "Sample 0 of " + TensorDataset.class.getName() + " could not be augmented: "
                                + "RandomCrop failed on an array of shape (2): RandomCrop got a sample of shape (2), but needs");
        failing(DataLoader.builder(numbers(SAMPLES))
                        .batchSize(2)
                        .augment((x, random) -> x.reshape(7))
                        .build())
                .hasMessageContaining(
                        "could not be augmented: StoredTensorsTest$$Lambda failed on an array of shape (2)");
        failing(DataLoader.of(
                        dataset(new NumberRecords.Builder(), i -> {
                            throw new IllegalStateException("no header \uFEFFAge");
                        }),
                        2))
                .hasMessageContaining("Sample 0 of ")
                .hasMessageContaining("could not be loaded: java.lang.IllegalStateException: no header \\uFEFFAge (")
                .hasMessageContaining("byte order mark");
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> failing(DataLoader loader) {
        return assertThatThrownBy(() -> read(loader, 1, 0, 0)).isInstanceOf(DataException.class);
    }

    private NDArray keep(NDArray array) {
        stored.add(array);
        return array;
    }

    private NDArray[] rowsOf(int length) {
        NDArray[] rows = new NDArray[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            rows[i] = keep(tensors.full(new Shape(length), (float) i));
        }
        return rows;
    }

    private static RandomAccessDataset dataset(NumberRecords.Builder builder, Function<Integer, NDList> data) {
        return new NumberRecords(builder, SAMPLES) {
            @Override
            public Record get(NDManager manager, long index) {
                return new Record(data.apply((int) index), new NDList(manager.create(index)));
            }
        };
    }
}
