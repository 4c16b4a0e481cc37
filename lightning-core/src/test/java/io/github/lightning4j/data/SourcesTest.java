package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every source promises about a look at its first batch. */
class SourcesTest extends DataFixture {
    private static final Seeds SEEDS = new Seeds(0);

    @Test
    void peek_atALoader_givesTheShapesAndLeavesNothing() {
        DataLoader loader = DataLoader.of(numbers(5), 2);

        assertThat(loader.peek(batches, SEEDS))
                .hasValueSatisfying(shapes -> assertThat(shapes).containsExactly(new Shape(2, 2)));
        assertThat(NativeMemory.below(batches)).isEqualTo(NativeMemory.NONE);
    }

    @Test
    void peek_atAnIterableReadOnce_isReplayed() {
        BatchSource once = once(1, 2, 3);

        assertThat(once.peek(batches, SEEDS)).isPresent();
        assertThat(once.peek(batches, SEEDS)).isPresent();

        assertThat(sizes(once)).containsExactly(1, 2, 3);
    }

    @Test
    void peek_atAnEmptyIterable_isEmpty() {
        BatchSource empty = once();

        assertThat(empty.peek(batches, SEEDS)).isEmpty();
        assertThat(sizes(empty)).isEmpty();
    }

    @Test
    void forget_freesABatchThatNobodyTook() {
        BatchSource once = once(1);
        once.peek(batches, SEEDS);
        assertThat(NativeMemory.below(batches)).isNotEqualTo(NativeMemory.NONE);

        once.forget();
        once.forget();

        assertThat(NativeMemory.below(batches)).isEqualTo(NativeMemory.NONE);
    }

    @Test
    void forget_leavesATakenBatchAlone() {
        BatchSource once = once(1);
        once.peek(batches, SEEDS);
        try (BatchCursor cursor = once.open(batches, SEEDS, 0, 0);
                Batch batch = cursor.next()) {
            once.forget();

            assertThat(batch.getData().head().toFloatArray()).containsExactly(0);
        }
    }

    @Test
    void aSource_isItsOwnAdapter() {
        DataLoader loader = DataLoader.of(numbers(5), 2);

        assertThat(Sources.of((Iterable<Batch>) loader)).isSameAs(loader);
    }

    /** Batches of given sizes, made as they are asked for, of an iterator that there is only one of. */
    private BatchSource once(int... sizes) {
        Iterator<Batch> iterator = IntStream.of(sizes).mapToObj(this::batch).iterator();
        return Sources.of((Iterable<Batch>) () -> iterator);
    }

    private Batch batch(int size) {
        NDManager own = batches.newSubManager();
        return new Batch(own, new NDList(own.zeros(new Shape(size))), new NDList(), size, null, null, 0, 0);
    }

    private List<Integer> sizes(BatchSource source) {
        try (BatchCursor cursor = source.open(batches, SEEDS, 0, 0)) {
            List<Integer> sizes = new ArrayList<>();
            while (cursor.hasNext()) {
                try (Batch batch = cursor.next()) {
                    sizes.add(batch.getSize());
                }
            }
            return sizes;
        }
    }
}
