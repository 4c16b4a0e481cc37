package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lightning4j.fixture.Malloc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizerMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void droppedOptimizersAndManySteps_leaveNothing() throws Exception {
        assumeThat(Malloc.allocated()).as("glibc's mallinfo2").isPositive();
        Path figures = folder.resolve("figures");
        Process probe = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xint",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryProbe.class.getName(),
                        figures.toString())
                .inheritIO()
                .start();

        assertThat(probe.waitFor()).isZero();
        List<String> growth = Files.readAllLines(figures);
        assertThat(Long.parseLong(growth.get(0))).as("50 optimizers").isLessThan(1 << 20);
        assertThat(Long.parseLong(growth.get(1))).as("2000 steps").isLessThan(1 << 16);
    }
}
