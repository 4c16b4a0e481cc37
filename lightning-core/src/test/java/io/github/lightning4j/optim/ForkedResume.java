package io.github.lightning4j.optim;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.fixture.MemoryState;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Goes on with saved runs in a JVM of its own. */
public final class ForkedResume {
    private ForkedResume() {}

    /**
     * Resumes runs.
     *
     * @param args the file of their states, and the file for the weights they end with
     * @throws IOException if a file cannot be read or written
     * @throws ClassNotFoundException if the file is not what it should be
     */
    public static void main(String... args) throws IOException, ClassNotFoundException {
        HashMap<String, Map<String, double[]>> weights = new HashMap<>();
        for (Map.Entry<String, MemoryState> run : states(Path.of(args[0])).entrySet()) {
            try (TorchRun resumed = TorchRun.of(run.getKey(), DataType.FLOAT32)) {
                resumed.load(run.getValue());
                resumed.trainTo(TorchRun.STEPS);
                weights.put(run.getKey(), resumed.weights());
            }
        }
        write(Path.of(args[1]), weights);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, MemoryState> states(Path file) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
            return (Map<String, MemoryState>) in.readObject();
        }
    }

    static void write(Path file, Object value) throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
            out.writeObject(value);
        }
    }
}
