package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file, it is recognised, named and never loaded. */
class CorruptionTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    private Path file;
    private byte[] sound;
    private int headerEnd;

    @BeforeEach
    void writeASoundFile() throws IOException {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("model/01Linear_weight", manager.arange(600f).reshape(20, 30));
        tree.putTensor("model/01Linear_bias", manager.ones(new Shape(30)));
        tree.putTensor("optimizer/0/exp_avg/01Linear_weight", manager.zeros(new Shape(20, 30)));
        tree.putTensor("model/counter", manager.create(7L));
        tree.putTensor("model/mask", manager.ones(new Shape(13), DataType.BOOLEAN));
        tree.putTensor("model/empty", manager.zeros(new Shape(0, 4)));
        tree.child("loop").putLong("epoch", 3);
        tree.child("callbacks/ModelCheckpoint").putDouble("best", 0.25);
        tree.child("volatile").putString("host", "größe");
        file = folder.resolve("epoch=3-step=1200.safetensors");
        CheckpointWriter.direct().write(file, tree);
        sound = Files.readAllBytes(file);
        headerEnd =
                8 + (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        SafetensorsReader.open(file).close();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x20, 0x80})
    void everyByteOfTheHeader_changedInAnyWay_isDetected(int flip) throws IOException {
        for (int i = 0; i < headerEnd; i++) {
            assertRefusedWith(i, flip);
        }
    }

    @Test
    void everyByteOfTheHeader_setToLookLikeJson_isDetected() throws IOException {
        for (int i = 8; i < headerEnd; i++) {
            for (char c : new char[] {'"', '}', '0'}) {
                if (sound[i] != c) {
                    assertRefusedWith(i, sound[i] ^ c);
                }
            }
        }
    }

    @Test
    void fiveHundredRandomBytesOfTensorData_areDetected() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            int at = headerEnd + random.nextInt(sound.length - headerEnd);
            assertRefusedWith(at, 1 + random.nextInt(255));
        }
    }

    @Test
    void truncation_atEveryBoundaryAndAtRandomLengths_isDetected() throws IOException {
        Set<Integer> lengths = new TreeSet<>();
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            reader.tensors().values().forEach(tensor -> lengths.add(headerEnd + (int) tensor.begin()));
        }
        for (int i = 0; i <= 10; i++) {
            lengths.add(i);
        }
        lengths.add(headerEnd);
        lengths.add(sound.length - 1);
        Random random = new Random(2);
        while (lengths.size() < 120) {
            lengths.add(random.nextInt(sound.length));
        }
        for (int length : lengths) {
            assertRefused(java.util.Arrays.copyOf(sound, length), "length " + length);
        }
    }

    @Test
    void bytesAfterTheEnd_areDetected() throws IOException {
        assertRefused(java.util.Arrays.copyOf(sound, sound.length + 1), "one byte more");
    }

    @Test
    void twoTensorsSwapped_areDetected() throws IOException {
        byte[] bytes = sound.clone();
        System.arraycopy(sound, headerEnd + 8 + 100, bytes, headerEnd + 8 + 200, 4);
        assertRefused(bytes, "data moved");
    }

    @Test
    void emptyAndForeignFiles_areNamed() throws IOException {
        assertRefused(new byte[0], "empty");
        assertRefused("PK\u0003\u0004 a zip, for instance one of torch.save".getBytes(StandardCharsets.UTF_8), "zip");
        assertRefused(new byte[4096], "zeros");
        byte[] noise = new byte[4096];
        new Random(3).nextBytes(noise);
        assertRefused(noise, "noise");
        assertThatThrownBy(() -> SafetensorsReader.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> SafetensorsReader.open(folder.resolve("absent")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void dataChangedAfterOpening_isDetectedWhenItIsRead() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Files.write(file, changed(sound.length - 20, 1));
            StateTreeReader state = StateTreeReader.of(reader, "", java.util.Map.of());
            NDArray target = manager.zeros(new Shape(13), DataType.BOOLEAN);
            NDArray bias = manager.zeros(new Shape(30));
            assertThatThrownBy(() -> {
                        state.readTensor("model/mask", target);
                        state.readTensor("optimizer/0/exp_avg/01Linear_weight", manager.zeros(new Shape(20, 30)));
                    })
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("does not match its checksum");
            state.readTensor("model/01Linear_bias", bias);
            assertThat(bias.toFloatArray()).containsOnly(1f);
        }
    }

    private byte[] changed(int at, int flip) {
        byte[] bytes = sound.clone();
        bytes[at] ^= (byte) flip;
        return bytes;
    }

    private void assertRefusedWith(int at, int flip) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (sound[at] ^ flip)}), at);
            assertRefused("byte " + at + " xor " + flip);
            channel.write(ByteBuffer.wrap(new byte[] {sound[at]}), at);
        }
    }

    private void assertRefused(byte[] bytes, String what) throws IOException {
        Files.write(file, bytes);
        assertRefused(what);
    }

    private void assertRefused(String what) {
        assertThatThrownBy(() -> SafetensorsReader.open(file).close())
                .as(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString());
    }
}
