package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Reduction;
import org.junit.jupiter.api.Test;

/** Values of a sealed checkpoint that cannot be are the checkpoint's fault. */
class SavedValuesTest {
    @Test
    void numbersOutOfRange_andUnknownNames_areRefused() {
        StateTreeWriter state = new StateTreeWriter();
        state.putLong("negative", -1);
        state.putLong("huge", 1L << 40);
        state.putString("reduction", "MEDIAN");
        state.putString("known", "SUM");
        StateTreeReader reader = state.reader();

        assertThatThrownBy(() -> reader.getInt("negative", 0))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'negative' is -1");
        assertThatThrownBy(() -> reader.getLong("negative", 0)).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> reader.getInt("huge", 0)).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> reader.getEnum("reduction", Reduction.class))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("MEAN");
        assertThat(reader.getEnum("known", Reduction.class)).isEqualTo(Reduction.SUM);
    }
}
