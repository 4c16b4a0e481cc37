package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
}
