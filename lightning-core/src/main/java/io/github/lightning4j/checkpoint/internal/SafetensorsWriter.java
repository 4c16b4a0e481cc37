package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes a checkpoint into a channel. The data goes first, straight from the tensors' memory and in one pass; the header,
 * whose size is known from the start, goes last with the checksums of what was really written.
 */
public final class SafetensorsWriter {
    private static final int CHUNK = 4 << 20;

    private final Map<String, Object> state;
    private final List<Item> items;
    private final Map<String, Integer> checksums = new TreeMap<>();

    private record Item(TensorEntry entry, NDArray array) {}

    public SafetensorsWriter(Map<String, Object> state, Map<String, NDArray> arrays) {
        this.state = state;
        this.items = layOut(arrays);
        items.forEach(item -> checksums.put(item.entry.name(), 0));
    }

    /** Larger elements come first, as in the reference implementation, so that every tensor is aligned. */
    private static List<Item> layOut(Map<String, NDArray> arrays) {
        List<Item> items = new ArrayList<>();
        arrays.forEach((name, array) -> {
            TensorType type = TensorType.of(name, array.getDataType());
            long bytes = array.size() * type.bytes();
            items.add(new Item(new TensorEntry(name, type, array.getShape(), 0, bytes), array));
        });
        items.sort(Comparator.comparing((Item item) -> -item.entry.type().bytes())
                .thenComparing(item -> item.entry.name()));
        long offset = 0;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            items.set(i, new Item(item.entry.movedTo(offset), item.array));
            offset += item.entry.bytes();
        }
        return items;
    }

    public void writeTo(FileChannel channel) throws IOException {
        channel.position(header().limit());
        for (Item item : items) {
            CRC32C crc = new CRC32C();
            TensorBytes.read(item.array, bytes -> write(channel, bytes, crc));
            checksums.put(item.entry.name(), (int) crc.getValue());
        }
        ByteBuffer header = header();
        Document.seal(header);
        for (long position = 0; header.hasRemaining(); ) {
            position += channel.write(header, position);
        }
    }

    /** In chunks, so that the data is still in the processor's cache when it is copied to the file. */
    private static void write(FileChannel channel, ByteBuffer bytes, CRC32C crc) throws IOException {
        for (int from = 0; from < bytes.limit(); from += CHUNK) {
            ByteBuffer chunk = bytes.slice(from, Math.min(CHUNK, bytes.limit() - from));
            crc.update(chunk.duplicate());
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    /** The length and the header, padded with spaces to a multiple of 8 bytes. */
    private ByteBuffer header() {
        StringBuilder text =
                new StringBuilder(Document.START).append(Document.NO_DIGEST).append('"');
        append(text.append(','), Document.KEY, new Document(state, checksums).toJson());
        text.append('}');
        for (Item item : items) {
            TensorEntry entry = item.entry;
            Map<String, Object> tensor = new LinkedHashMap<>();
            tensor.put("dtype", entry.type().name());
            tensor.put("shape", longs(entry.shape().getShape()));
            tensor.put("data_offsets", longs(entry.begin(), entry.end()));
            append(text.append(','), entry.name(), tensor);
        }
        byte[] json = encode(text.append('}'));
        int padded = Math.addExact(json.length, Math.floorMod(-json.length, 8));
        if (padded > SafetensorsHeader.MOST_BYTES) {
            throw new CheckpointException("The state that is not in tensors takes " + padded + " bytes of JSON; a "
                    + "checkpoint holds at most " + SafetensorsHeader.MOST_BYTES + ". Save large arrays as tensors.");
        }
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.flip();
    }

    private static void append(StringBuilder text, String name, Object value) {
        String object = Json.write(Map.of(name, value));
        text.append(object, 1, object.length() - 1);
    }

    private static List<Object> longs(long... numbers) {
        List<Object> list = new ArrayList<>();
        for (long number : numbers) {
            list.add(number);
        }
        return list;
    }

    private static byte[] encode(CharSequence text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            return array;
        } catch (CharacterCodingException e) {
            throw new CheckpointException(
                    "The state holds a text that is not valid Unicode (half a surrogate pair).", e);
        }
    }
}
