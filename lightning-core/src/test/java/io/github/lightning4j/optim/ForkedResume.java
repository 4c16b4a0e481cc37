package io.github.lightning4j.optim;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;

/** Goes on with saved runs in a JVM of its own. */
public final class ForkedResume {
    private ForkedResume() {}

    /**
     * Resumes runs.
     *
     * @param args the folder of their states, and the folder for the states they end with
     */
    public static void main(String... args) {
        TorchRun.settings().forEach(setting -> {
            try (TorchRun resumed = TorchRun.of(setting, DataType.FLOAT32)) {
                resumed.loadFrom(file(args[0], setting));
                resumed.trainTo(TorchRun.STEPS);
                resumed.saveTo(file(args[1], setting));
            }
        });
    }

    static Path file(String folder, String setting) {
        return Path.of(folder, setting.replace(':', '-') + ".safetensors");
    }
}
