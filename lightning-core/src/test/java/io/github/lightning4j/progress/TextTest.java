package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0s",
        "0.04, 0.0s",
        "4.26, 4.3s",
        "9.96, 10s",
        "59.4, 59s",
        "59.6, 1:00",
        "187, 3:07",
        "3599.4, 59:59",
        "3723, 1:02:03",
        "360000, 100:00:00"
    })
    void duration_growsCoarserWithLength(double seconds, String expected) {
        assertThat(Text.duration((long) (seconds * 1e9))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0000",
        "0.12345, 0.1235",
        "0.001, 0.0010",
        "0.00012, 1.200e-04",
        "-12.5, -12.5000",
        "1234567, 1.235e+06",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void number_hasFourDecimalsOrAnExponent(double value, String expected) {
        assertThat(Text.number(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"3.14159|3.1 samples/s", "99.96|100.0 samples/s", "54321.6|54,322 samples/s"})
    void rate_groupsThousands(double rate, String expected) {
        assertThat(Text.rate(rate)).isEqualTo(expected);
    }
}
