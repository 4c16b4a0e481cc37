package io.github.lightning4j.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The picture of losses at rising learning rates. */
class LearningRateCurveTest {
    private static LearningRateCurve curve(double... losses) {
        double[] rates =
                IntStream.rangeClosed(1, losses.length).asDoubleStream().toArray();
        return new LearningRateCurve(rates, losses, losses, false);
    }

    @Test
    void plot_marksTheSuggestion() {
        double[] losses =
                IntStream.range(0, 30).mapToDouble(step -> step < 16 ? 9 : 1).toArray();

        assertThat(curve(losses).plot().toSvg())
                .contains("logarithm of the learning rate", "smoothed loss", "suggested: 16.0");
    }

    @Test
    void plotWithoutASuggestion_hasTheCurveAlone() {
        assertThat(curve(3, 2, 1).plot().toSvg()).contains("smoothed loss").doesNotContain("suggested");
    }
}
