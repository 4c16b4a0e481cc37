package io.github.lightning4j.internal.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.lightning4j.fixture.ChiSquare;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void nextLong_givesTheSequenceOfTheReferenceImplementation() {
        SplitMix64 random = new SplitMix64(1234567);

        assertThat(new long[] {random.nextLong(), random.nextLong(), random.nextLong()})
                .containsExactly(
                        6457827717110365317L, 3203168211198807973L, Long.parseUnsignedLong("9817491932198370423"));
    }

    @Test
    void nextInt_withBound_isUniform() {
        SplitMix64 random = new SplitMix64(1);
        long[] counts = new long[6];
        for (int i = 0; i < 60_000; i++) {
            counts[random.nextInt(6)]++;
        }

        assertThat(ChiSquare.uniform(counts)).isLessThan(20.5); // 5 degrees of freedom, p = 0.001
    }

    @Test
    void nextInt_withABoundThatDoesNotDivideTheRange_rejectsWhatWouldBeBiased() {
        SplitMix64 random = new SplitMix64(2);
        int bound = 3 << 29; // without rejection the lowest third would come half as often again
        long[] counts = new long[3];
        for (int i = 0; i < 30_000; i++) {
            counts[random.nextInt(bound) % 3]++;
        }

        assertThat(ChiSquare.uniform(counts)).isLessThan(13.8);
    }

    @Test
    void nextInt_withBoundZero_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SplitMix64(1).nextInt(0));
    }

    @Test
    void nextDouble_isUniformFromZeroToOne() {
        SplitMix64 random = new SplitMix64(3);
        double[] values =
                DoubleStream.generate(random::nextDouble).limit(20_000).toArray();

        assertThat(DoubleStream.of(values)).allMatch(value -> value >= 0 && value < 1);
        assertThat(DoubleStream.of(values).average().orElseThrow()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void nextGaussian_hasMeanZeroAndVarianceOne() {
        SplitMix64 random = new SplitMix64(4);
        double[] values =
                DoubleStream.generate(random::nextGaussian).limit(20_000).toArray();

        assertThat(DoubleStream.of(values).average().orElseThrow()).isCloseTo(0, within(0.03));
        assertThat(DoubleStream.of(values).map(value -> value * value).average().orElseThrow())
                .isCloseTo(1, within(0.05));
    }
}
