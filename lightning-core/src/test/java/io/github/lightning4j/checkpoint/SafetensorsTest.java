package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.Document;
import io.github.lightning4j.checkpoint.internal.SafetensorsHeader;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import io.github.lightning4j.checkpoint.internal.TensorType;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT64", "FLOAT32", "FLOAT16", "INT64", "INT32", "INT8", "UINT8", "BOOLEAN"})
    void tensors_ofEveryDtype_comeBackBitForBit(DataType dataType) {
        StateTreeWriter tree = new StateTreeWriter();
        NDArray matrix =
                manager.arange(0, 24, 1, DataType.INT32).reshape(2, 3, 4).toType(dataType, true);
        tree.putTensor("matrix", matrix);
        tree.putTensor("turned", matrix.transpose(2, 0, 1));
        tree.putTensor("scalar", matrix.get(0, 1, 2));
        tree.putTensor("empty", manager.zeros(new Shape(0, 3), dataType));
        Path file = write(tree);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            StateTreeReader state = StateTreeReader.of(reader, "", Objects.requireNonNull(reader.state()));
            for (String name : tree.tensors().keySet()) {
                NDArray expected = tree.tensors().get(name);
                NDArray read = state.newTensor(name, manager);
                assertThat(read.getDataType()).isEqualTo(dataType);
                assertThat(read.getShape()).isEqualTo(expected.getShape());
                assertThat(read.toByteArray()).isEqualTo(expected.toByteArray());
            }
        }
    }

    @Test
    void file_isStandardSafetensors() throws IOException {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("bytes", manager.ones(new Shape(3), DataType.UINT8));
        tree.putTensor("b", manager.arange(3f));
        tree.putTensor("a", manager.ones(new Shape(1), DataType.INT64));
        tree.putString("text", "x");
        Path file = write(tree);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = (int) bytes.getLong();
        assertThat(headerBytes % 8).isZero();
        String header = new String(bytes.array(), 8, headerBytes, StandardCharsets.UTF_8);
        assertThat(header).startsWith("{\"__metadata__\":{\"digest\":\"").endsWith(" ");
        Map<String, TensorEntry> tensors = SafetensorsHeader.parse(
                        ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)), 23)
                .tensors();
        assertThat(tensors.keySet()).containsExactly("a", "b", "bytes");
        // DJL's own reader, which knows no metadata, finds the same tensors.
        try (NDList list = NDList.decode(manager, Files.readAllBytes(file))) {
            assertThat(list.get("b").toFloatArray()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void equalStates_giveEqualFiles() throws IOException {
        NDArray w = manager.arange(9f);
        StateTreeWriter one = new StateTreeWriter();
        one.putTensor("w", w);
        one.putTensor("v", w);
        one.putLong("a", 1);
        one.putLong("b", 2);
        StateTreeWriter other = new StateTreeWriter();
        other.putLong("b", 2);
        other.putLong("a", 1);
        other.putTensor("v", w);
        other.putTensor("w", w);
        byte[] first = Files.readAllBytes(write(one));
        assertThat(Files.readAllBytes(write(other))).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "python-float32, a, float32, '(2, 3)'",
        "python-float16, a, float16, '(2, 3)'",
        "python-bfloat16, a, float32, '(2, 3)'",
        "python-bfloat16, b, float32, '()'",
        "python-int64, a, int64, '(3)'",
        "python-mixed, f64, float64, '(1)'",
        "python-mixed, bool, boolean, '(2)'",
        "python-empty-tensor, empty, float32, '(0, 3)'",
        "python-unicode, größe/層.重み🔥, float32, '(1)'",
        "python-unicode, 'quote\"back\\slash', float32, '(1)'",
    })
    void filesOfTheReferenceImplementation_areRead(String file, String name, String dataType, String shape) {
        try (SafetensorsReader reader = SafetensorsReader.open(resource(file))) {
            assertThat(reader.state()).isNull();
            NDArray array = StateTreeReader.of(reader, "", Map.of()).newTensor(name, manager);
            assertThat(array.getDataType().toString()).isEqualTo(dataType);
            assertThat(array.getShape().toString()).isEqualTo(shape);
        }
    }

    @Test
    void valuesOfTheReferenceImplementation_areExact() {
        float[] expected = {0f, -1.5f, 3.0e38f, Float.POSITIVE_INFINITY, Float.NaN, -0f};
        assertThat(read("python-float32", "a").toFloatArray()).containsExactly(expected);
        float[] rounded = {0f, -1.5f, 2.9910e38f, Float.POSITIVE_INFINITY, Float.NaN, -0f};
        assertThat(read("python-bfloat16", "a").toFloatArray()[4]).isNaN();
        assertThat(read("python-bfloat16", "a").toFloatArray()[1]).isEqualTo(-1.5f);
        assertThat(read("python-bfloat16", "b").getFloat()).isEqualTo(0.10009765625f);
        assertThat(read("python-bfloat16", "a").toFloatArray()[2]).isBetween(2.99e38f, 3.01e38f);
        assertThat(rounded).hasSize(6);
        assertThat(read("python-int64", "a").toLongArray()).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE, 7);
        assertThat(read("python-mixed", "i32").toIntArray()).containsExactly(Integer.MIN_VALUE);
        assertThat(read("python-mixed", "i8").toByteArray()).containsExactly(-128);
        assertThat(read("python-mixed", "u8").toUint8Array()).containsExactly(255);
        assertThat(read("python-mixed", "bool").toBooleanArray()).containsExactly(true, false);
        assertThat(read("python-mixed", "scalar").getFloat()).isEqualTo(2.5f);
        assertThat(read("python-unicode", "größe/層.重み🔥").getFloat(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"python-int16, I16", "python-float8, F8_E4M3", "python-complex64, C64", "python-uint64, U64"})
    void dtypesThatLibtorchMustNotSee_areRefusedByName(String file, String dataType) {
        assertThatThrownBy(() -> SafetensorsReader.open(resource(file)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor 'a' has dtype " + dataType)
                .hasMessageContaining(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{}}",
                "{} x",
                "{\"a\":1}",
                "{\"__metadata__\":{\"a\":1}}",
                "{\"a\":{}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"shape\":[2]}}",
                "{\"a\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{'a':{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
                        + "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}",
            })
    void hostileHeaders_areRefused(String header) throws IOException {
        Path file = folder.resolve("hostile.safetensors");
        Files.write(file, withLength(header.getBytes(StandardCharsets.UTF_8), 8));
        assertThatThrownBy(() -> SafetensorsReader.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aHeaderThatIsDeep_orNotUtf8_orHuge_isRefused() throws IOException {
        Path file = folder.resolve("hostile.safetensors");
        Files.write(file, withLength(("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8), 0));
        assertThatThrownBy(() -> SafetensorsReader.open(file)).isInstanceOf(CheckpointException.class);
        Files.write(file, withLength(new byte[] {'{', '"', (byte) 0xff, '"', '}'}, 0));
        assertThatThrownBy(() -> SafetensorsReader.open(file)).hasMessageContaining("UTF-8");
        for (long length : new long[] {Long.MAX_VALUE, -1, Long.MIN_VALUE, 0, 1, 1L << 40, 1_000_000}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(64)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> SafetensorsReader.open(file)).hasMessageContaining("in a file of 64");
        }
    }

    @Test
    void aNewerFormat_isRefusedAndAnOlderOneMigrated() throws IOException {
        assertThatThrownBy(() -> Document.migrate(Json.parse("{\"format\":3}"), List.of(old -> old)))
                .hasMessageContaining("format 3")
                .hasMessageContaining("up to 2");
        Map<String, Object> migrated = Document.migrate(
                Json.parse("{\"format\":1,\"step\":5}"),
                List.of(
                        old -> Map.of("format", 2L, "globalStep", Objects.requireNonNull(old.get("step"))),
                        old -> Map.of("format", 3L, "loop", old)));
        assertThat(migrated).containsEntry("loop", Map.of("format", 2L, "globalStep", 5L));
    }

    @Test
    void aDtypeThatCannotBeSaved_isRefusedByName() {
        assertThatThrownBy(() -> TensorType.of("model/x", DataType.BFLOAT16))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'model/x' has dtype bfloat16");
    }

    private Path write(StateTreeWriter tree) {
        Path file = folder.resolve("state.safetensors");
        CheckpointWriter.direct().write(file, tree);
        return file;
    }

    private NDArray read(String file, String name) {
        try (SafetensorsReader reader = SafetensorsReader.open(resource(file))) {
            return StateTreeReader.of(reader, "", Map.of()).newTensor(name, manager);
        }
    }

    private static byte[] withLength(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(SafetensorsTest.class.getResource(name + ".safetensors"))
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
