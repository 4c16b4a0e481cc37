package io.github.lightning4j.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.internal.torch.NativeOutOfMemory;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchSizeFinderTest {
    private final List<Integer> tried = new ArrayList<>();
    private TestData data;
    private TensorDataset samples;

    @BeforeEach
    void openData() {
        data = TestData.open();
        samples = data.classes(300);
    }

    @AfterEach
    void closeData() {
        data.close();
    }

    private static Trainer trainer() {
        return Trainers.quiet().maxEpochs(2).build();
    }

    private IntFunction<DataLoader> loaders() {
        return size -> {
            tried.add(size);
            return DataLoader.of(samples, size, true);
        };
    }

    /** Asks libtorch for more memory than there is on any machine when a batch has more samples than it can take. */
    private static final class Hungry extends WholeModule {
        private static final long MOST_BYTES = 1L << 50;

        private final int most;

        Hungry(int most) {
            this.most = most;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            if (batch.getSize() > most) {
                batch.getManager().create(new Shape(MOST_BYTES), DataType.INT8);
            }
            return super.trainingStep(batch, batchIndex);
        }
    }

    @Test
    void power_doublesUntilABatchDoesNotFit() {
        try (Hungry module = new Hungry(20)) {
            assertThat(new Tuner(trainer()).scaleBatchSize(module, loaders())).isEqualTo(16);
            assertThat(tried).containsExactly(2, 4, 8, 16, 32);
        }
    }

    @Test
    void power_fromASizeThatIsTooLarge_goesDown() {
        BatchSizeFinder finder = BatchSizeFinder.builder(trainer()).initVal(64).build();
        try (Hungry module = new Hungry(20)) {
            assertThat(finder.find(module, loaders())).isEqualTo(16);
            assertThat(tried).containsExactly(64, 32, 16);
        }
    }

    @Test
    void binsearch_findsTheLargestThatFitsLessTheMargin() {
        BatchSizeFinder.Builder finder = BatchSizeFinder.builder(trainer()).mode(ScaleMode.BINSEARCH);
        try (Hungry module = new Hungry(21)) {
            assertThat(finder.margin(0).build().find(module, loaders())).isEqualTo(21);
            assertThat(tried).containsExactly(2, 4, 8, 16, 32, 24, 20, 22, 21);
            assertThat(finder.margin(0.1).build().find(module, loaders())).isEqualTo(18);
        }
    }

    @Test
    void whatHoldsAllSamplesOrIsTheMost_isTheEnd() {
        try (Hungry module = new Hungry(10_000)) {
            assertThat(new Tuner(trainer()).scaleBatchSize(module, loaders())).isEqualTo(512);
            assertThat(BatchSizeFinder.builder(trainer()).maxVal(50).build().find(module, loaders()))
                    .isEqualTo(50);
            assertThat(BatchSizeFinder.builder(trainer()).maxTrials(3).build().find(module, loaders()))
                    .isEqualTo(8);
        }
    }

    @Test
    void findThenFit_givesTheBitsOfAFitAlone() {
        FitResult alone;
        try (WholeModule module = new WholeModule()) {
            alone = trainer().fit(module, DataLoader.of(samples, 16, true));
        }
        NativeMemory before = NativeMemory.now();
        try (Hungry module = new Hungry(20)) {
            Trainer trainer = trainer();
            int size = new Tuner(trainer).scaleBatchSize(module, loaders());

            assertThat(trainer.fit(module, DataLoader.of(samples, size, true)).weightsSha256())
                    .isEqualTo(alone.weightsSha256());
        }
        assertThat(NativeMemory.now()).isEqualTo(before);
    }

    @Test
    void ifNothingFits_thatIsSaid() {
        try (Hungry module = new Hungry(0)) {
            assertThatThrownBy(() -> new Tuner(trainer()).scaleBatchSize(module, loaders()))
                    .isInstanceOf(LightningException.class)
                    .hasMessageStartingWith("Not even a batch of one sample fits into memory.");
            assertThat(tried).containsExactly(2, 1);
            BatchSizeFinder once =
                    BatchSizeFinder.builder(trainer()).initVal(64).maxTrials(1).build();
            assertThatThrownBy(() -> once.find(module, loaders()))
                    .isInstanceOf(LightningException.class)
                    .hasMessageStartingWith("No batch size was found that fits into memory: 32 is the next to try.");
        }
    }

    /** Fails for a reason of its own. */
    private static final class Wrong extends WholeModule {
        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            throw new IllegalStateException("no such column");
        }
    }

    @Test
    void anotherFailure_isPassedOn() {
        try (Wrong module = new Wrong()) {
            assertThatThrownBy(() -> new Tuner(trainer()).scaleBatchSize(module, loaders()))
                    .hasMessageContaining("no such column");
        }
    }

    @Test
    void outOfMemory_isRecognisedByTheWordsOfLibtorchAndJava() {
        List<Throwable> memory = List.of(
                new OutOfMemoryError("Java heap space"),
                new RuntimeException("CUDA out of memory. Tried to allocate 20.00 GiB"),
                new RuntimeException("step failed", new RuntimeException("CUDA error: out of memory")),
                new RuntimeException("[enforce fail at alloc_cpu.cpp:115] err == 0. DefaultCPUAllocator: can't allocate"
                        + " memory: you tried to allocate 1125899906842624 bytes. Error code 12"),
                new RuntimeException("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"));

        assertThat(memory).allMatch(NativeOutOfMemory::caused);
        assertThat(NativeOutOfMemory.caused(new RuntimeException("shape mismatch")))
                .isFalse();
    }
}
