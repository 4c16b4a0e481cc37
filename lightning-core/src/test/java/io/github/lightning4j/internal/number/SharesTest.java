package io.github.lightning4j.internal.number;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    private static final int LARGEST = 300;

    @Test
    void floor_ofAnyNumberAndAnyFraction_isThatOfWholeNumbers() {
        for (int n = 1; n <= LARGEST; n++) {
            for (int k = 0; k <= n; k++) {
                double fraction = (double) k / n;
                for (long total : new long[] {n, 3L * n, 1000L * n, 1_000_003, n + 1, 97}) {
                    assertThat(Shares.floor(total, fraction))
                            .as("%d/%d of %d", k, n, total)
                            .isEqualTo(total * k / n);
                }
                assertThat(Shares.floor(n, 1 - fraction)).as("1 - %d/%d", k, n).isEqualTo(n - k);
            }
        }
    }

    @Test
    void round_ofAnyNumberAndAnyFraction_isThatOfWholeNumbersWithHalvesUp() {
        for (int n = 1; n <= LARGEST; n++) {
            for (int k = 0; k <= n; k++) {
                for (long total : new long[] {n, n + 1, 97, 1_000_003}) {
                    assertThat(Shares.round(total, (double) k / n))
                            .as("%d/%d of %d", k, n, total)
                            .isEqualTo((2 * total * k + n) / (2L * n));
                }
            }
        }
    }

    @Test
    void floor_ofAShareThatIsMeant_roundsDown() {
        assertThat(Shares.floor(10, 0.2999)).isEqualTo(2);
        assertThat(Shares.floor(1_000_000, 0.9999999)).isEqualTo(999_999);
        assertThat(Shares.floor(5, 1e-300)).isZero();
        assertThat(Shares.floor(0, 0.5)).isZero();
    }
}
