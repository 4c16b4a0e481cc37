package io.github.lightning4j.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The long training of {@link EnduranceMain}, cut short. */
class EnduranceTest {
    private static final int STEPS = 1000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTraining_holdsItsMemory(boolean leaky) {
        EnduranceMain.Report report = EnduranceMain.run(STEPS, leaky, folder, false);

        assertThat(report.arraysGrowth()).isZero();
        assertThat(report.after()).isEqualTo(report.before());
        // One gradient of the first layer takes 157 kB: leaked by each of 750 steps it would be 118 MB. Java's compiler
        // was seen to add 21 MB of its own.
        assertThat(report.allocatedGrowth()).isLessThan(50);
    }
}
