package io.github.lightning4j.checkpoint.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import io.github.lightning4j.checkpoint.internal.TensorSource;
import io.github.lightning4j.checkpoint.internal.TensorType;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The initializers of an ONNX graph as tensors; those of dtypes that DJL does not have are left out. */
final class OnnxTensors implements TensorSource {
    private static final Map<Long, TensorType> TYPES = Map.of(
            1L,
            TensorType.F32,
            2L,
            TensorType.U8,
            3L,
            TensorType.I8,
            6L,
            TensorType.I32,
            7L,
            TensorType.I64,
            9L,
            TensorType.BOOL,
            10L,
            TensorType.F16,
            11L,
            TensorType.F64,
            16L,
            TensorType.BF16);

    private final Path file;
    private final Map<String, OnnxMessage> messages = new HashMap<>();
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

    OnnxTensors(Path file, List<OnnxMessage> initializers) {
        this.file = file;
        for (OnnxMessage initializer : initializers) {
            TensorType type = TYPES.get(initializer.number("data_type"));
            if (type != null) {
                String name = initializer.text("name");
                Shape shape = new Shape(initializer.list("dims").stream()
                        .mapToLong(each -> (Long) each)
                        .toArray());
                messages.put(name, initializer);
                entries.put(name, new TensorEntry(name, type, shape, 0, shape.size() * type.bytes()));
            }
        }
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return entries;
    }

    @Override
    public void copyTo(TensorEntry tensor, NDArray target) {
        try {
            ByteBuffer data = data(tensor);
            if (data.remaining() != tensor.bytes()) {
                throw new IOException("it has " + data.remaining() + " bytes in place of " + tensor.bytes());
            }
            TensorBytes.fill(
                    target, bytes -> tensor.type().read(next -> next.put(take(data, next.remaining())), bytes));
        } catch (IOException e) {
            throw new CheckpointException("Cannot read tensor '" + tensor.name() + "' of " + file + ": " + e, e);
        }
    }

    private static ByteBuffer take(ByteBuffer data, int count) {
        ByteBuffer next = data.slice(data.position(), count);
        data.position(data.position() + count);
        return next;
    }

    private ByteBuffer data(TensorEntry tensor) throws IOException {
        OnnxMessage message = Objects.requireNonNull(messages.get(tensor.name()));
        if (!message.list("external_data").isEmpty()) {
            return external(message);
        }
        ByteBuffer raw = message.bytes("raw_data").asReadOnlyByteBuffer();
        return raw.hasRemaining() ? raw : listed(message, tensor);
    }

    /** Elements may also stand one by one in a list; those below 32 bits in that of int32. */
    private static ByteBuffer listed(OnnxMessage message, TensorEntry tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        message.list("float_data").forEach(value -> bytes.putFloat((Float) value));
        message.list("double_data").forEach(value -> bytes.putDouble((Double) value));
        message.list("int64_data").forEach(value -> bytes.putLong((Long) value));
        for (Object value : message.list("int32_data")) {
            switch (tensor.type().bytes()) {
                case 1 -> bytes.put(((Integer) value).byteValue());
                case 2 -> bytes.putShort(((Integer) value).shortValue());
                default -> bytes.putInt((Integer) value);
            }
        }
        return bytes.flip();
    }

    private ByteBuffer external(OnnxMessage message) throws IOException {
        Map<String, String> where = new HashMap<>();
        message.messages("external_data").forEach(entry -> where.put(entry.text("key"), entry.text("value")));
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        Path beside = folder.resolve(where.getOrDefault("location", "")).normalize();
        if (!beside.startsWith(folder)) {
            throw new IOException("its data is said to lie outside of " + folder);
        }
        try (RandomAccessFile data = new RandomAccessFile(beside.toFile(), "r")) {
            long offset = Long.parseLong(where.getOrDefault("offset", "0"));
            long length = Long.parseLong(where.getOrDefault("length", Long.toString(data.length() - offset)));
            byte[] bytes = new byte[Math.toIntExact(length)];
            data.seek(offset);
            data.readFully(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IOException("the place of its data cannot be read: " + where, e);
        }
    }
}
