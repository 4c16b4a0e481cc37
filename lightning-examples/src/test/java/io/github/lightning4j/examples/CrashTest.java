package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The small version of {@link CrashHarness}: two runs and up to five kills, three pairs of overlapping starts. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(300)
class CrashTest {
    @TempDir
    Path folder;

    @Test
    void killedRuns_endWhereUndisturbedOnesEnd() throws IOException, InterruptedException {
        CrashHarness harness = new CrashHarness(folder, 1);
        CrashHarness.Outcome seeded = harness.run("seeded", 100L, 3);
        CrashHarness.Outcome drawn = harness.run("drawn", null, 2);

        assertThat(seeded.kills() + drawn.kills()).isBetween(3, 5);
    }

    @Test
    void overlappingStarts_endWhereUndisturbedOnesEnd() throws IOException, InterruptedException {
        CrashHarness harness = new CrashHarness(folder, 2);
        for (int pair = 0; pair < 3; pair++) {
            harness.pair("pair-" + pair, 100L, pair % 2 == 0);
        }
    }
}
