package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.fixture.Malloc;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving and restoring again and again: what malloc has handed out stays where it was. */
class CheckpointLeakTest {
    private static final long TOLERANCE = 32L << 20;

    @TempDir
    Path folder;

    @Test
    void thousandSavesAndFiftyRestores_leakNothing() {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        Path file = folder.resolve("last.safetensors");
        try (NDManager manager = NDManager.newBaseManager();
                CheckpointWriter background = CheckpointWriter.background()) {
            NDArray weight = manager.ones(new Shape(128, 128));
            NDArray large = manager.ones(new Shape(512, 512));
            NDArray turned = manager.ones(new Shape(256, 128)).transpose();
            weight.setRequiresGradient(true);
            int arrays = 0;
            long before = 0;
            for (int i = -20; i < 1000; i++) {
                if (i == 0) {
                    background.await();
                    before = allocated();
                    arrays = manager.getManagedArrays().size();
                }
                StateTreeWriter tree = new StateTreeWriter();
                tree.putTensor("weight", weight);
                tree.putTensor("turned", turned);
                tree.putLong("i", i);
                if (Math.floorMod(i, 20) < 4) {
                    tree.putTensor("large", large);
                }
                (i % 2 == 0 ? background : CheckpointWriter.direct()).write(file, tree);
                if (i % 20 == 0) {
                    background.await();
                    restore(file, weight, turned);
                }
            }
            background.await();
            assertThat(manager.getManagedArrays()).hasSize(arrays);
            // A leak of the smaller array, 64 kB, at each save would be 64 MB.
            assertThat(allocated() - before).isLessThan(TOLERANCE);
        }
    }

    private static void restore(Path file, NDArray weight, NDArray turned) {
        try (SafetensorsReader reader = SafetensorsReader.open(file);
                NDManager manager = NDManager.newBaseManager()) {
            StateTreeReader state = StateTreeReader.of(reader, "", Map.of());
            state.readTensor("weight", weight);
            state.readTensor("turned", turned);
            state.newTensor("turned", manager);
        }
    }

    private static long allocated() {
        long bytes = Malloc.allocated();
        assumeTrue(bytes >= 0, "not glibc");
        return bytes;
    }
}
