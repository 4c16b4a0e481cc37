package io.github.lightning4j.checkpoint.internal;

import com.google.gson.stream.MalformedJsonException;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What makes a safetensors file one of ours: two entries of its {@code __metadata__}. {@code digest} is the SHA-256 of the
 * file's first 8 bytes and its header, the digest's own 64 characters read as '0'; it comes first in the header, so that
 * its place is fixed. {@code lightning4j} is a JSON object:
 *
 * <ul>
 *   <li>{@code format}: the version of this layout;
 *   <li>{@code crc32c}: for each tensor the CRC-32C of its data, 8 hexadecimal digits;
 *   <li>{@code state}: everything that is not a tensor.
 * </ul>
 *
 * @param state the state
 * @param checksums name of a tensor and its CRC
 */
public record Document(Map<String, Object> state, Map<String, Integer> checksums) {
    static final String KEY = "lightning4j";
    static final String DIGEST = "digest";
    /** How every header of ours begins. */
    static final String START = "{\"" + SafetensorsHeader.METADATA + "\":{\"" + DIGEST + "\":\"";

    static final String NO_DIGEST = "0".repeat(64);

    /** The step at index i brings a document of format i + 1 to format i + 2. */
    private static final List<UnaryOperator<Map<String, Object>>> MIGRATIONS = List.of(Document::withEarlierNames);

    private static final int FORMAT = MIGRATIONS.size() + 1;

    String toJson() {
        Map<String, Object> crcs = new TreeMap<>();
        HexFormat hex = HexFormat.of();
        checksums.forEach((name, crc) -> crcs.put(name, hex.toHexDigits(crc)));
        Map<String, Object> object = new TreeMap<>();
        object.put("format", (long) FORMAT);
        object.put("crc32c", crcs);
        object.put("state", state);
        return Json.write(object);
    }

    /** The document of a file; null if the file was not written by Lightning4j. */
    static @Nullable Document of(SafetensorsHeader header) throws IOException {
        String json = header.metadata().get(KEY);
        if (json == null) {
            return null;
        }
        Map<String, Object> object = migrate(Json.parse(json), MIGRATIONS);
        Map<String, Integer> checksums = new TreeMap<>();
        for (Map.Entry<String, Object> entry : child(object, "crc32c").entrySet()) {
            checksums.put(entry.getKey(), crc(entry.getKey(), entry.getValue()));
        }
        if (!checksums.keySet().equals(header.tensors().keySet())) {
            throw new MalformedJsonException("the tensors and their checksums do not belong together");
        }
        return new Document(child(object, "state"), checksums);
    }

    /** Format 1 named parameters as DJL does. Only their module can tell what they are called now, so it does, when it reads. */
    private static Map<String, Object> withEarlierNames(Map<String, Object> object) {
        return object;
    }

    public static Map<String, Object> migrate(
            Map<String, Object> object, List<UnaryOperator<Map<String, Object>>> migrations) throws IOException {
        int newest = migrations.size() + 1;
        if (!(object.get("format") instanceof Long format) || format < 1) {
            throw new MalformedJsonException("it has no format version");
        }
        if (format > newest) {
            throw new NewerFormatException("it has format " + format + ", but this version of Lightning4j reads up to "
                    + newest + ". Use the version that wrote it, or a newer one");
        }
        Map<String, Object> current = object;
        for (UnaryOperator<Map<String, Object>> step : migrations.subList((int) (format - 1), migrations.size())) {
            current = step.apply(current);
        }
        return current;
    }

    /** Puts the digest into a file's first bytes, whose header holds {@link #NO_DIGEST} in its place. */
    static void seal(ByteBuffer lengthAndHeader) {
        byte[] digest = digest(lengthAndHeader).getBytes(StandardCharsets.US_ASCII);
        lengthAndHeader.put(Long.BYTES + START.length(), digest);
    }

    /** Whether a header begins as ours do. */
    static boolean startsLikeOurs(ByteBuffer lengthAndHeader) {
        byte[] start = START.getBytes(StandardCharsets.US_ASCII);
        return lengthAndHeader.limit() >= Long.BYTES + start.length + NO_DIGEST.length()
                && lengthAndHeader.slice(Long.BYTES, start.length).equals(ByteBuffer.wrap(start));
    }

    /** Whether the digest in a file's first bytes, which {@link #startsLikeOurs}, is right. */
    static boolean isSealed(ByteBuffer lengthAndHeader) {
        byte[] stored = new byte[NO_DIGEST.length()];
        lengthAndHeader.get(Long.BYTES + START.length(), stored);
        return Arrays.equals(stored, digest(lengthAndHeader).getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(ByteBuffer lengthAndHeader) {
        int place = Long.BYTES + START.length();
        int after = place + NO_DIGEST.length();
        MessageDigest sha = sha256();
        sha.update(lengthAndHeader.slice(0, place));
        sha.update(NO_DIGEST.getBytes(StandardCharsets.US_ASCII));
        sha.update(lengthAndHeader.slice(after, lengthAndHeader.limit() - after));
        return HexFormat.of().formatHex(sha.digest());
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> object, String key) throws IOException {
        if (object.get(key) instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new MalformedJsonException("its document has no object '" + key + "'");
    }

    private static int crc(String tensor, Object value) throws IOException {
        if (value instanceof String text && text.matches("[0-9a-f]{8}")) {
            return HexFormat.fromHexDigits(text);
        }
        throw new MalformedJsonException("the checksum of tensor '" + tensor + "' is not valid");
    }

    /** The file is sound but from a newer version of Lightning4j. */
    static final class NewerFormatException extends IOException {
        private static final long serialVersionUID = 1L;

        NewerFormatException(String message) {
            super(message);
        }
    }
}
