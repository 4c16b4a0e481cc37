package io.github.lightning4j.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What two equal runs must agree on in a checkpoint file: every tensor byte, where each tensor lies, and all JSON outside
 * {@code volatile}.
 */
public record CheckpointContent(String header, String state, String data) {
    public static CheckpointContent of(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        JsonObject header = JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        JsonObject metadata = header.remove("__metadata__").getAsJsonObject();
        JsonObject document = JsonParser.parseString(metadata.get("lightning4j").getAsString())
                .getAsJsonObject();
        document.getAsJsonObject("state").remove("volatile");
        byte[] data = Arrays.copyOfRange(bytes, 8 + length, bytes.length);
        return new CheckpointContent(
                header.toString(), document.toString(), HexFormat.of().formatHex(sha256(data)));
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
