package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.fixture.Malloc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory that training has freed stays mapped for the next step, and is given back when it is over. */
class MemoryReserveTest {
    private static final Path PAGES = Path.of("/proc/self/statm");
    private static final int BLOCKS = 100;
    private static final int FLOATS_A_BLOCK = 256 * 1024;
    private static final long PAGES_OF_ALL = 4L * BLOCKS * FLOATS_A_BLOCK / 4096;

    @BeforeEach
    void glibc() {
        TorchRuntime.load();
        Assumptions.assumeTrue(Files.exists(PAGES) && Malloc.allocated() >= 0, "glibc on Linux");
    }

    @AfterEach
    void forgetSwitch() {
        System.clearProperty(MemoryReserve.PROPERTY);
    }

    @Test
    void closing_givesFreedMemoryBack() throws IOException {
        long kept;
        try (MemoryReserve reserve = new MemoryReserve()) {
            reserve.begin();
            useAndFree();
            kept = residentPages();
        }

        assertThat(kept - residentPages()).isGreaterThan(PAGES_OF_ALL / 2);
    }

    @Test
    void afterClosing_largeBlocksAreNotKept() throws IOException {
        new MemoryReserve().close();
        long before = residentPages();

        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            manager.ones(new Shape(BLOCKS, FLOATS_A_BLOCK)).close();
        }

        assertThat(residentPages() - before).isLessThan(PAGES_OF_ALL / 2);
    }

    @Test
    void bound_growsWithTheModelAndEnds() {
        assertThat(MemoryReserve.bound(0)).isEqualTo(256L << 20);
        assertThat(MemoryReserve.bound(8L << 20)).isEqualTo(320L << 20);
        assertThat(MemoryReserve.bound(Long.MAX_VALUE / 100)).isEqualTo(1L << 30);
    }

    @Test
    void switchedOff_itTrimsNothing() throws IOException {
        System.setProperty(MemoryReserve.PROPERTY, "false");
        long kept;
        try (MemoryReserve reserve = new MemoryReserve()) {
            reserve.begin();
            useAndFree();
            kept = residentPages();
        }

        assertThat(kept - residentPages()).isLessThan(PAGES_OF_ALL / 4);
    }

    private static void useAndFree() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            List<NDArray> blocks = new ArrayList<>();
            for (int i = 0; i < BLOCKS; i++) {
                blocks.add(manager.ones(new Shape(FLOATS_A_BLOCK)));
            }
            blocks.forEach(NDArray::close);
        }
    }

    private static long residentPages() throws IOException {
        return Long.parseLong(Files.readString(PAGES).split(" ")[1]);
    }
}
