package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CombinedBatch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Run;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.CombinedLoader.Mode;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.BatchPrecision;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.testing.ResumeCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CombinedLoaderTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    private static CombinedLoader of(Mode mode, Iterable<Batch> a, Iterable<Batch> b) {
        return CombinedLoader.builder().mode(mode).loader("a", a).loader("b", b).build();
    }

    /** A loader as one that knows neither its length nor its position. */
    private static Iterable<Batch> anonymous(DataLoader loader) {
        return loader::iterator;
    }

    private static List<String> pass(CombinedLoader loader, long epoch, long skip) {
        List<String> batches = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                BatchCursor cursor = loader.open(manager, new Seeds(7), epoch, skip)) {
            while (cursor.hasNext()) {
                try (Batch batch = cursor.next()) {
                    batches.add(text(CombinedBatch.of(batch)));
                }
            }
        }
        return batches;
    }

    private static String text(CombinedBatch batch) {
        return batch.batches().entrySet().stream()
                .map(entry -> entry.getKey()
                        + Arrays.toString(entry.getValue().getData().head().toFloatArray()))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        MIN_SIZE       | 2 | a[1.0, 2.0] b[5.0], a[3.0] b[6.0]
        MAX_SIZE       | 3 | a[1.0, 2.0] b[5.0], a[3.0] b[6.0], b[7.0]
        MAX_SIZE_CYCLE | 3 | a[1.0, 2.0] b[5.0], a[3.0] b[6.0], a[1.0, 2.0] b[7.0]
        SEQUENTIAL     | 5 | a[1.0, 2.0], a[3.0], b[5.0], b[6.0], b[7.0]
        """)
    void aPass_endsAsItsModeSays(Mode mode, long count, String batches) {
        DataLoader a = data.numbers(2, 1, 2, 3);
        DataLoader b = data.numbers(1, 5, 6, 7);

        assertThat(of(mode, a, b).batchCount()).isEqualTo(count);
        assertThat(String.join(", ", pass(of(mode, a, b), 0, 0))).isEqualTo(batches);
        assertThat(of(mode, anonymous(a), anonymous(b)).batchCount()).isEqualTo(-1);
        assertThat(String.join(", ", pass(of(mode, anonymous(a), anonymous(b)), 0, 0)))
                .isEqualTo(batches);
    }

    static Stream<Arguments> entered() {
        return Arrays.stream(Mode.values())
                .flatMap(mode -> Stream.of(Arguments.of(mode, false), Arguments.of(mode, true)));
    }

    @ParameterizedTest
    @MethodSource("entered")
    void aPass_canBeEnteredAnywhere(Mode mode, boolean anonymous) {
        DataLoader a = DataLoader.of(data.classes(6), 2, true);
        DataLoader b = DataLoader.of(data.classes(30), 3, true);
        CombinedLoader loader = anonymous ? of(mode, a, anonymous(b)) : of(mode, a, b);
        List<String> whole = pass(loader, 1, 0);

        for (int skip = 0; skip <= whole.size(); skip++) {
            assertThat(pass(loader, 1, skip)).as("from %d", skip).isEqualTo(whole.subList(skip, whole.size()));
        }
    }

    @Test
    void eachLoader_hasAnOrderOfItsOwn_andANewOneEachTime() {
        TensorDataset samples = data.classes(6);
        DataLoader one = DataLoader.of(samples, 6, true);
        DataLoader twelve = DataLoader.of(data.classes(12), 6, true);
        CombinedLoader twice = of(Mode.MIN_SIZE, one, DataLoader.of(samples, 6, true));
        CombinedLoader cycled = of(Mode.MAX_SIZE_CYCLE, one, twelve);

        String[] same = pass(twice, 0, 0).get(0).split(" b");
        assertThat(same[0].substring(1)).isNotEqualTo(same[1]);
        List<String> cycles = pass(cycled, 0, 0);
        assertThat(cycles.get(0).split(" b")[0])
                .isEqualTo(same[0])
                .isNotEqualTo(cycles.get(1).split(" b")[0]);
        assertThat(pass(cycled, 1, 0)).doesNotContainAnyElementsOf(cycles);
        assertThat(pass(cycled, 0, 0)).isEqualTo(cycles);
    }

    /** Learns from two loaders, the second of which may be exhausted. */
    private static final class Both extends BoringModule {
        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            CombinedBatch both = CombinedBatch.of(batch);
            NDArray loss = null;
            for (String name : both.names()) {
                NDArray one = loss(both.get(name));
                loss = loss == null ? one : loss.add(one);
            }
            log("train_loss", loss);
            return loss;
        }
    }

    @Test
    void aTrainingOnSeveralLoaders_resumesExactly() throws Exception {
        DataLoader longer = DataLoader.of(data.regression(22), 4, true);
        CombinedLoader train = of(Mode.MAX_SIZE_CYCLE, longer, DataLoader.of(data.regression(9), 4, true));

        ResumeCheck.assertResumesExactly(Both::new, train);
    }

    @Test
    void aTraining_takesAllBatchesOfAnEpoch_andFreesThem() {
        List<Integer> sizes = new ArrayList<>();
        List<NativeMemory> arrays = new ArrayList<>();
        Callback watching = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int index) {
                sizes.add(batch.getSize());
                assertThat(batch.getData())
                        .hasSize(CombinedBatch.of(batch).names().size());
            }

            @Override
            public void onTrainBatchStart(Run run, Batch batch, int index) {
                arrays.add(NativeMemory.now());
            }
        };
        CombinedLoader train = of(Mode.MAX_SIZE, data.regression(12, 4), data.regression(8, 4));
        NativeMemory withData = NativeMemory.now();
        try (BoringModule module = new Both()) {
            Trainers.quiet().maxEpochs(3).callbacks(watching).build().fit(module, train);
        }
        assertThat(NativeMemory.now()).isEqualTo(withData);

        assertThat(sizes).containsExactly(8, 8, 4, 8, 8, 4, 8, 8, 4);
        assertThat(arrays.subList(6, 9)).isEqualTo(arrays.subList(3, 6));
    }

    @Test
    void aPlainPass_givesCombinedBatchesToo() {
        CombinedLoader loader = of(Mode.MIN_SIZE, data.numbers(2, 1, 2, 3), data.numbers(1, 5, 6, 7));
        List<String> seen = new ArrayList<>();
        for (Batch batch : loader) {
            try (batch) {
                seen.add(text(CombinedBatch.of(batch)));
            }
        }
        assertThat(seen).containsExactly("a[1.0, 2.0] b[5.0]", "a[3.0] b[6.0]");
    }

    @Test
    void aCopyForAnotherDevice_isCombinedToo_andClosesTheOriginal() {
        CombinedLoader loader = of(Mode.MIN_SIZE, data.numbers(2, 1, 2, 3), data.numbers(1, 5, 6, 7));
        try (NDManager from = NDManager.newBaseManager();
                NDManager to = NDManager.newBaseManager();
                BatchCursor cursor = loader.open(from, new Seeds(0), 0, 0)) {
            Batch original = cursor.next();
            NDArray array = original.getData().head();

            try (Batch copy = CombinedBatch.copyTo(original, to, BatchPrecision.of(new SequentialBlock()))) {
                assertThat(text(CombinedBatch.of(copy))).isEqualTo("a[1.0, 2.0] b[5.0]");
                assertThat(copy.getSize()).isEqualTo(3);
                assertThat(array.isReleased()).isTrue();
                assertThat(original.getManager()).isNull();
                assertThat(NativeMemory.below(to).arrays()).isEqualTo(2);
            }
            assertThat(NativeMemory.below(to)).isEqualTo(NativeMemory.NONE);
        }
    }

    @Test
    void wrongUses_areNamed() {
        DataLoader numbers = data.numbers(1, 1, 2);
        assertThatThrownBy(() -> CombinedLoader.builder().build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("at least one");
        assertThatThrownBy(() -> of(Mode.MIN_SIZE, numbers, null)).hasMessageContaining("loader 'b' is null");
        assertThatThrownBy(() -> CombinedLoader.builder().loader("a", numbers).loader("a", numbers))
                .hasMessageContaining("'a'");
        Map<String, Iterable<Batch>> empty = new LinkedHashMap<>();
        empty.put("a", numbers);
        empty.put("none", List.of());
        assertThatThrownBy(() -> pass(CombinedLoader.of(Mode.MAX_SIZE_CYCLE, empty), 0, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'none' gave no batch");
        try (Batch plain = numbers.iterator().next()) {
            assertThatThrownBy(() -> CombinedBatch.of(plain)).hasMessageContaining("CombinedLoader");
        }
        try (Batch batch = of(Mode.MIN_SIZE, numbers, numbers).iterator().next()) {
            assertThat(CombinedBatch.of(batch).find("c")).isNull();
            assertThatThrownBy(() -> CombinedBatch.of(batch).get("c")).hasMessageContaining("[a, b]");
        }
    }
}
