package io.github.lightning4j.data.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.fixture.ChiSquare;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void ordersOfFourItems_allComeEquallyOften() {
        Map<String, Long> counts = new HashMap<>();
        for (int epoch = 0; epoch < 24_000; epoch++) {
            long[] order = Permutation.of(4, new Seeds(42).of(Purpose.SHUFFLE, epoch, 0));
            counts.merge(Arrays.toString(order), 1L, Long::sum);
        }

        assertThat(counts).hasSize(24);
        // 23 degrees of freedom, p = 0.001
        assertThat(ChiSquare.uniform(
                        counts.values().stream().mapToLong(Long::longValue).toArray()))
                .isLessThan(49.7);
    }

    @Test
    void itemsOfALargeOrder_takeEveryPlaceEquallyOften() {
        long[] counts = new long[100];
        for (int seed = 0; seed < 10_000; seed++) {
            long[] order = Permutation.of(100, seed);
            for (int place = 0; place < 100; place++) {
                if (order[place] == 0) {
                    counts[place]++;
                }
            }
        }

        assertThat(ChiSquare.uniform(counts)).isLessThan(148.2); // 99 degrees of freedom, p = 0.001
    }

    @Test
    void order_holdsEachItemOnce() {
        long[] order = Permutation.of(1000, 7);

        assertThat(Arrays.stream(order).sorted().toArray())
                .containsExactly(LongStream.range(0, 1000).toArray());
    }

    @Test
    void order_ofOneSeed_isTheSameOnEveryJavaVersion() {
        assertThat(Permutation.of(10, 42)).containsExactly(8, 3, 6, 5, 4, 0, 9, 2, 1, 7);
    }
}
