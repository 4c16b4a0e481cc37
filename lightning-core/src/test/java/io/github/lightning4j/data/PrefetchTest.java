package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Record;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PrefetchTest extends DataFixture {
    @Test
    void fourWorkers_keepTheOrder() {
        NumberRecords uneven = new NumberRecords(200) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                LockSupport.parkNanos((index * 7919 % 5) * 200_000);
                return super.get(manager, index);
            }
        };
        DataLoader loader = DataLoader.builder(uneven)
                .batchSize(3)
                .shuffle(true)
                .workers(4)
                .prefetch(8)
                .build();

        assertThat(read(loader, 1, 0, 0)).isEqualTo(read(DataLoader.of(numbers(200), 3, true), 1, 0, 0));
        assertThat(uneven.loaded).hasSize(200);
    }

    @Test
    void workers_loadNoMoreThanAskedFor() throws InterruptedException {
        NumberRecords dataset = new NumberRecords(100);
        DataLoader loader =
                DataLoader.builder(dataset).batchSize(2).workers(2).prefetch(3).build();

        try (BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0)) {
            awaitLoaded(dataset, 6);
            cursor.next().close();
            awaitLoaded(dataset, 8);
            Thread.sleep(50);
            assertThat(dataset.loaded).hasSize(8);
        }
    }

    @Test
    void workers_areNamedDaemonsThatDieWithTheCursor() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        NumberRecords dataset = new NumberRecords(100) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                threads.add(Thread.currentThread());
                return super.get(manager, index);
            }
        };
        DataLoader loader =
                DataLoader.builder(dataset).batchSize(2).workers(3).name("cats").build();

        try (BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0)) {
            for (int i = 0; i < 20; i++) {
                cursor.next().close();
            }
            assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
            assertThat(threads).extracting(Thread::getName).allMatch(name -> name.startsWith("lightning-data-cats-"));
        }
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    @Test
    void close_inTheMiddle_freesWhatWasLoadedAndNotTaken() {
        NumberRecords dataset = new NumberRecords(100);
        DataLoader loader =
                DataLoader.builder(dataset).batchSize(5).workers(2).prefetch(6).build();

        BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0);
        Batch taken = cursor.next();
        awaitLoaded(dataset, 35);
        cursor.close();

        assertThat(taken.getLabels().head().toLongArray()).containsExactly(0, 1, 2, 3, 4);
        taken.close();
        assertThat(NativeMemory.below(batches)).isEqualTo(NativeMemory.NONE);
    }

    @Test
    void close_whileASampleIsBeingLoaded_interruptsIt() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(2);
        NumberRecords stuck = new NumberRecords(10) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                Record record = super.get(manager, index);
                inside.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
                return record;
            }
        };

        BatchCursor cursor =
                DataLoader.builder(stuck).batchSize(1).workers(2).build().open(batches, new Seeds(1), 0, 0);
        inside.await();
        cursor.close();
        cursor.close();

        assertThat(cursor.hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void failingSample_isNamedAndTheNextBatchStillComes(int workers) {
        NumberRecords broken = new NumberRecords(12) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                if (index == 5) {
                    manager.create(1f);
                    throw new FileNotFoundException("5.png");
                }
                return super.get(manager, index);
            }
        };
        DataLoader loader =
                DataLoader.builder(broken).batchSize(4).workers(workers).build();

        try (BatchCursor cursor = loader.open(batches, new Seeds(1), 0, 0)) {
            cursor.next().close();
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Sample 5 of " + broken.getClass().getName())
                    .hasMessageContaining("5.png")
                    .hasCauseInstanceOf(FileNotFoundException.class);
            try (Batch last = cursor.next()) {
                assertThat(last.getLabels().head().toLongArray()).containsExactly(8, 9, 10, 11);
            }
        }
    }

    @Test
    void errorInADataset_arrivesAsItIs() {
        NumberRecords broken = new NumberRecords(4) {
            @Override
            public Record get(NDManager manager, long index) {
                throw new StackOverflowError("deep");
            }
        };

        assertThatThrownBy(() -> labels(DataLoader.of(broken, 2), 1, 0, 0))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("deep");
    }

    @Test
    void interruptedConsumer_isToldAndKeepsItsFlag() {
        CountDownLatch interrupted = new CountDownLatch(1);
        NumberRecords slow = new NumberRecords(4) {
            @Override
            public Record get(NDManager manager, long index) throws IOException {
                try {
                    interrupted.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.get(manager, index);
            }
        };

        try (BatchCursor cursor = DataLoader.of(slow, 2).open(batches, new Seeds(1), 0, 0)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Interrupted")
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            interrupted.countDown();
            try (Batch second = cursor.next()) {
                assertThat(second.getLabels().head().toLongArray()).containsExactly(2, 3);
            }
        }
    }

    @Test
    void tensors_areReadByWorkersTooIfAskedFor() {
        DataLoader loader = DataLoader.builder(numbers(30))
                .batchSize(4)
                .shuffle(true)
                .workers(3)
                .build();

        assertThat(loader.readerKind()).isEqualTo(ReaderKind.TENSORS);
        assertThat(read(loader, 1, 0, 0)).isEqualTo(read(DataLoader.of(numbers(30), 4, true), 1, 0, 0));
    }

    @Test
    void manyEpochs_leaveNothingBehind() {
        List<DataLoader> loaders = List.of(
                DataLoader.of(numbers(20), 4, true),
                DataLoader.of(new NumberRecords(20), 4, true),
                DataLoader.builder(new NumberRecords(20))
                        .batchSize(4)
                        .workers(3)
                        .build());
        NativeMemory datasets = NativeMemory.below(tensors);

        for (int epoch = 0; epoch < 50; epoch++) {
            for (DataLoader loader : loaders) {
                labels(loader, 1, epoch, epoch % 5);
            }
            assertThat(NativeMemory.below(batches)).isEqualTo(NativeMemory.NONE);
        }
        assertThat(NativeMemory.below(tensors)).isEqualTo(datasets);
    }

    private static void awaitLoaded(NumberRecords dataset, int samples) {
        while (dataset.loaded.size() < samples) {
            Thread.onSpinWait();
        }
    }
}
