package io.github.lightning4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private final Series series = new Series();

    @Test
    void aShortCurve_isKeptAsItIs() {
        IntStream.range(0, 500).forEach(i -> series.add(2 * i, i / 4.0));

        Points points = series.points(2000);
        assertThat(doubles(points.xs()))
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> 2.0 * i).toList());
        assertThat(doubles(points.ys()))
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> i / 4.0).toList());
    }

    @Test
    void aLongCurve_keepsItsPeaksItsEndsAndItsOrder() {
        for (int i = 0; i < 100_000; i++) {
            series.add(i, i == 33_333 ? 9 : i == 66_666 ? -9 : Math.sin(i));
        }

        Points points = series.points(2 * Series.MOST_BUCKETS);
        List<Double> xs = doubles(points.xs());
        assertThat(xs).hasSizeBetween(1000, 2 * Series.MOST_BUCKETS + 1).isSorted();
        assertThat(xs.get(xs.size() - 1)).isEqualTo(99_999.0);
        assertThat(xs).contains(33_333.0, 66_666.0);
        assertThat(doubles(points.ys())).contains(9.0, -9.0);
        assertThat(doubles(series.points(200).ys())).hasSizeBetween(100, 201).contains(9.0, -9.0);
        assertThat(series.extremes().maxAt()).isEqualTo(33_333);
        assertThat(series.extremes().count()).isEqualTo(100_000);
    }

    @Test
    void whatIsNotFinite_isAGapAndIsCounted() {
        double[] values = {1, Double.NaN, 3, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2};
        for (int i = 0; i < values.length; i++) {
            series.add(i, values[i]);
        }

        assertThat(series.points(100).ys())
                .containsExactly(Digits.six(1), null, Digits.six(3), null, null, Digits.six(2));
        Extremes extremes = series.extremes();
        assertThat(extremes.nonFinite()).isEqualTo(3);
        assertThat(extremes.firstNonFinite()).isNaN();
        assertThat(extremes.firstNonFiniteAt()).isEqualTo(1);
        assertThat(extremes.max()).isEqualTo(3);
    }

    @Test
    void aGapInALongCurve_outlivesThinning() {
        for (int i = 0; i < 50_000; i++) {
            series.add(i, i == 12_345 ? Double.NaN : i);
        }

        Points points = series.points(2000);
        int gap = points.ys().indexOf(null);
        assertThat(points.xs().get(gap).doubleValue()).isEqualTo(12_345);
        assertThat(points.ys().stream().filter(y -> y == null)).hasSize(1);
    }

    @Test
    void severalValuesAtOneStep_leaveTheLast() {
        series.add(1, 5);
        series.add(2, 6);
        series.add(2, 7);

        assertThat(doubles(series.points(10).ys())).containsExactly(5.0, 7.0);
        assertThat(series.last()).isEqualTo(7);
    }

    private static List<Double> doubles(List<? extends Number> numbers) {
        return numbers.stream().map(Number::doubleValue).toList();
    }
}
