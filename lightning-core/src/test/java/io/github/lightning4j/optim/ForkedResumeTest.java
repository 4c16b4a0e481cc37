package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every optimizer, saved after five steps and gone on with in another JVM. */
class ForkedResumeTest {
    @TempDir
    private Path folder;

    @Test
    void resumedInAFreshJvm_endsBitForBit() throws Exception {
        String saved = folder.resolve("saved").toString();
        String ended = folder.resolve("ended").toString();
        Map<String, Map<String, double[]>> expected = new HashMap<>();
        for (String setting : TorchRun.settings().toList()) {
            try (TorchRun whole = TorchRun.of(setting, DataType.FLOAT32)) {
                whole.trainTo(5);
                whole.saveTo(ForkedResume.file(saved, setting));
                whole.trainTo(TorchRun.STEPS);
                expected.put(setting, whole.weights());
            }
        }

        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForkedResume.class.getName(),
                        saved,
                        ended)
                .inheritIO()
                .start();

        assertThat(process.waitFor()).isZero();
        expected.forEach((setting, weights) -> {
            try (TorchRun resumed = TorchRun.of(setting, DataType.FLOAT32)) {
                resumed.loadFrom(ForkedResume.file(ended, setting));
                resumed.weights()
                        .forEach((name, values) ->
                                assertThat(values).as(setting + " " + name).containsExactly(weights.get(name)));
            }
        });
    }
}
