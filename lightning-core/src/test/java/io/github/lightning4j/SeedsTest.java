package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Seeds.Purpose;
import org.junit.jupiter.api.Test;

class SeedsTest {
    /** A change of these numbers is a change of every run. */
    @Test
    void of_isTheSameInEveryRelease() {
        assertThat(new Seeds(42).of(Purpose.SHUFFLE, 0, 0)).isEqualTo(7138415436909018950L);
        assertThat(new Seeds(42).of(Purpose.AUGMENT, 3, 17)).isEqualTo(-4932686909147433024L);
        assertThat(new Seeds(-1).of(Purpose.DATASET, 1L << 40, 5)).isEqualTo(8532256736877538603L);
    }
}
