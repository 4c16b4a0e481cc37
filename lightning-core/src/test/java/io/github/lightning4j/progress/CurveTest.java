package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void aShortCourse_isKeptAsItIs() {
        assertThat(course(3).points(8)).containsExactly(0, 1, 2);
    }

    @Test
    void aLongCourse_isKeptCoarserFromItsBeginningToItsEnd() {
        for (int length : new int[] {9, 16, 17, 100, 1000, 12_345}) {
            double[] points = course(length).points(8);

            assertThat(points).as("%s values", length).hasSizeBetween(4, 8).isSorted();
            assertThat(points[0]).isLessThan(length / 4.0);
            assertThat(points[points.length - 1]).isBetween(length * 0.7, length - 1.0);
        }
    }

    @Test
    void aStraightLine_staysOneWhenItIsMadeNarrower() {
        assertThat(course(8).points(4)).containsExactly(0.5, 2.5, 4.5, 6.5);
        assertThat(course(8).points(0)).isEmpty();
    }

    @Test
    void sparkline_goesFromTheLowestToTheHighest() {
        String levels = new Theme(true, false).levels();
        assertThat(Sparkline.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, levels)).isEqualTo("▁▂▃▄▅▆▇█");
        assertThat(Sparkline.of(new double[] {-1e300, 1e308}, levels)).isEqualTo("▁█");
        assertThat(Sparkline.of(new double[] {5, 5, 5}, levels)).isEqualTo("▁▁▁");
        assertThat(Sparkline.of(new double[] {1, Double.NaN, 2, Double.POSITIVE_INFINITY}, levels))
                .isEqualTo("▁x█x");
        assertThat(Sparkline.of(new double[] {}, levels)).isEmpty();
        assertThat(Sparkline.of(new double[] {0, 3, 6}, new Theme(false, false).levels()))
                .isEqualTo("_=#")
                .matches("\\p{ASCII}*");
    }

    private static Curve course(int length) {
        Curve curve = new Curve(8);
        for (int i = 0; i < length; i++) {
            curve.add(i);
        }
        return curve;
    }
}
