package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitTest {
    private static final Pattern ADVICE = Pattern.compile("smallest fraction that gives one batch is (\\S+)\\.$");

    @Test
    void fraction_ofKNths_isKOfNBatches() {
        for (int n = 1; n <= 300; n++) {
            for (int k = 1; k <= n; k++) {
                assertThat(Limit.fraction((double) k / n).apply(n, "limit"))
                        .as("%d/%d", k, n)
                        .isEqualTo(k);
            }
        }
    }

    @Test
    void fractionThatAMessageAdvises_givesOneBatch() {
        for (int available = 2; available <= 1000; available++) {
            int batches = available;
            String message = catchThrowable(() -> Limit.fraction(1e-6).apply(batches, "limit"))
                    .getMessage();
            Matcher advice = ADVICE.matcher(message);
            assertThat(advice.find()).as(message).isTrue();
            assertThat(Limit.fraction(Double.parseDouble(advice.group(1))).apply(batches, "limit"))
                    .as(message)
                    .isEqualTo(1);
        }
    }

    @Test
    void text_isReadAsItIsWritten() {
        Stream.of(
                        Limit.all(),
                        Limit.batches(0),
                        Limit.batches(10),
                        Limit.fraction(0),
                        Limit.fraction(1e-7),
                        Limit.fraction(0.2))
                .forEach(limit -> assertThat(Limit.parse(limit.toString())).isEqualTo(limit));
        assertThat(Limit.parse("1 batch")).isEqualTo(Limit.batches(1));
        assertThat(Limit.parse("20%")).isEqualTo(Limit.fraction(0.2));
        assertThat(Limit.parse("0.2")).isEqualTo(Limit.fraction(0.2));
        Stream.of(Every.steps(100), Every.epochs(2), Every.epochFraction(0.25), Every.duration(Duration.ofMinutes(5)))
                .forEach(every -> assertThat(Every.parse(every.toString())).isEqualTo(every));
        Stream.of(Every.batches(3), Every.never(), Every.epochFraction(0.5).inEveryNthEpoch(3))
                .forEach(every -> assertThat(Every.parse(every.toString())).isEqualTo(every));
        assertThat(Every.parse("1 step")).isEqualTo(Every.steps(1));
        assertThat(Every.parse("1h 30m")).isEqualTo(Every.duration(Duration.ofMinutes(90)));
    }

    @Test
    void textThatSaysNothing_isRefusedWithWhatToWrite() {
        Stream.of("1", "", "ten batches", "-1 batches", "0.2.3")
                .forEach(text -> assertThatThrownBy(() -> Limit.parse(text))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("10 batches"));
        Stream.of("1", "", "0 minutes", "every", "now and then")
                .forEach(text -> assertThatThrownBy(() -> Every.parse(text))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("100 steps"));
        assertThatThrownBy(() -> Limit.parse("120%")).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> Every.parse("0 steps")).hasMessageContaining("Every.steps");
    }
}
