package io.github.lightning4j.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.IdxBytes;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest extends DataFixture {
    @TempDir
    Path folder;

    @Test
    void bytes_keepTypeShapeAndValues() throws IOException {
        byte[] values = {0, 1, 127, (byte) 128, (byte) 255, 7};

        NDArray unsigned = Idx.read(tensors, write(IdxBytes.file(0x08, new int[] {2, 3}, values)));
        NDArray signed = Idx.read(tensors, write(IdxBytes.file(0x09, new int[] {6}, values)));

        assertThat(unsigned.getDataType()).isEqualTo(DataType.UINT8);
        assertThat(unsigned.getShape()).isEqualTo(new Shape(2, 3));
        assertThat(unsigned.toUint8Array()).containsExactly(0, 1, 127, 128, 255, 7);
        assertThat(signed.getDataType()).isEqualTo(DataType.INT8);
        assertThat(signed.toByteArray()).containsExactly(values);
    }

    @Test
    void widerTypes_areReadAsBigEndian() throws IOException {
        ByteBuffer ints = ByteBuffer.allocate(8).putInt(1).putInt(-70_000);
        ByteBuffer floats = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-3e-8f);
        ByteBuffer doubles = ByteBuffer.allocate(16).putDouble(Math.PI).putDouble(-1e300);

        assertThat(Idx.read(tensors, write(IdxBytes.file(0x0C, new int[] {2}, ints.array())))
                        .toIntArray())
                .containsExactly(1, -70_000);
        assertThat(Idx.read(tensors, write(IdxBytes.file(0x0D, new int[] {2}, floats.array())))
                        .toFloatArray())
                .containsExactly(1.5f, -3e-8f);
        assertThat(Idx.read(tensors, write(IdxBytes.file(0x0E, new int[] {2, 1}, doubles.array())))
                        .toDoubleArray())
                .containsExactly(Math.PI, -1e300);
    }

    @Test
    void filesOfSeveralChunks_plainAndGzip_areReadWhole() throws IOException {
        byte[] values = new byte[300_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i * 31 + i / 1000);
        }
        byte[] file = IdxBytes.file(0x09, new int[] {300, 1000}, values);

        assertThat(Idx.read(tensors, write(file)).toByteArray()).containsExactly(values);
        assertThat(Idx.read(tensors, write(IdxBytes.gzip(file))).toByteArray()).containsExactly(values);
        assertThat(Idx.read(tensors, new ByteArrayInputStream(IdxBytes.gzip(file)), "resource")
                        .toByteArray())
                .containsExactly(values);
    }

    @Test
    void fileCutOffAnywhere_isRefusedAndFreesItsTensor() throws IOException {
        byte[] file = IdxBytes.images(3);
        byte[] compressed = IdxBytes.gzip(file);

        for (int length = 0; length < file.length; length++) {
            assertRefused(Arrays.copyOf(file, length), length < 16 ? "header" : "cut off");
        }
        for (int length = 0; length < compressed.length; length++) {
            assertRefused(Arrays.copyOf(compressed, length), "");
        }
        assertThat(NativeMemory.below(tensors)).isEqualTo(NativeMemory.NONE);
    }

    @Test
    void cutOffFile_isToldWithBytesFoundAndExpected() {
        assertRefused(Arrays.copyOf(IdxBytes.images(3), 20), "4 bytes", "(3, 2, 3)", "18");
    }

    @Test
    void damagedGzip_isRefused() {
        byte[] compressed = IdxBytes.gzip(IdxBytes.images(30));
        compressed[compressed.length - 6] ^= 1; // in the checksum

        assertRefused(compressed, "damaged");
    }

    @Test
    void fileThatGoesOn_isRefused() {
        byte[] file = IdxBytes.images(2);

        assertRefused(Arrays.copyOf(file, file.length + 1), "goes on");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0B, 0x0A, 0x00, 0x12})
    void otherTypes_areRefusedByName(int type) {
        assertRefused(IdxBytes.file(type, new int[] {1}, new byte[2]), String.format("0x%02X", type), "0x0D float32");
    }

    @Test
    void foreignFile_isRefusedByItsMagicNumber() {
        assertRefused("<!doctype html>".getBytes(StandardCharsets.UTF_8), "0x3C21646F", "0x00000803");
    }

    @Test
    void senselessDimensions_areRefused() {
        assertRefused(IdxBytes.file(0x08, new int[] {}, new byte[0]), "no IDX file");
        assertRefused(IdxBytes.file(0x08, new int[] {-1}, new byte[0]), "dimension 0 is -1");
        assertRefused(IdxBytes.file(0x08, new int[] {4, 0}, new byte[0]), "dimension 1 is 0");
        assertRefused(IdxBytes.file(0x0E, new int[] {1 << 30, 1 << 30, 1 << 30}, new byte[0]), "2 GB");
    }

    @Test
    void missingFile_isRefused() {
        assertThatThrownBy(() -> Idx.read(tensors, folder.resolve("none")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> Idx.read(tensors, folder)).isInstanceOf(DataException.class);
    }

    private void assertRefused(byte[] file, String... parts) {
        assertThatThrownBy(() -> Idx.read(tensors, write(file)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContainingAll(parts);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }
}
