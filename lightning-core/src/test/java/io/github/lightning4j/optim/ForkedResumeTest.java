package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.fixture.MemoryState;
import java.io.ObjectInputStream;
import java.nio.file.Files;
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
        HashMap<String, MemoryState> states = new HashMap<>();
        Map<String, Map<String, double[]>> expected = new HashMap<>();
        for (String setting : TorchRun.settings().toList()) {
            try (TorchRun whole = TorchRun.of(setting, DataType.FLOAT32)) {
                whole.trainTo(5);
                states.put(setting, whole.save());
                whole.trainTo(TorchRun.STEPS);
                expected.put(setting, whole.weights());
            }
        }
        Path saved = folder.resolve("states");
        Path ended = folder.resolve("weights");
        ForkedResume.write(saved, states);

        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForkedResume.class.getName(),
                        saved.toString(),
                        ended.toString())
                .inheritIO()
                .start();

        assertThat(process.waitFor()).isZero();
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(ended))) {
            Map<?, ?> weights = (Map<?, ?>) in.readObject();
            expected.forEach((setting, byName) ->
                    byName.forEach((name, values) -> assertThat((double[]) ((Map<?, ?>) weights.get(setting)).get(name))
                            .as(setting + " " + name)
                            .containsExactly(values)));
        }
    }
}
