package io.github.lightning4j.checkpoint.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A message of an ONNX file, read by the names of its fields. */
final class OnnxMessage {
    private static final String SCHEMA = "onnx.textproto";

    private final DynamicMessage message;

    private OnnxMessage(DynamicMessage message) {
        this.message = message;
    }

    /**
     * Reads the model in a file; tensors stay where they are in the bytes.
     *
     * @throws IOException if it is none
     */
    static OnnxMessage model(byte[] file) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(file);
        in.enableAliasing(true);
        return new OnnxMessage(DynamicMessage.parseFrom(schema(), in));
    }

    private static Descriptor schema() throws IOException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
        try (InputStream in = Objects.requireNonNull(OnnxMessage.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            TextFormat.merge(new InputStreamReader(in, StandardCharsets.UTF_8), file);
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]).findMessageTypeByName("ModelProto");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException("the schema is part of this library", e);
        }
    }

    private Object field(String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    String text(String name) {
        return (String) field(name);
    }

    long number(String name) {
        return ((Number) field(name)).longValue();
    }

    ByteString bytes(String name) {
        return (ByteString) field(name);
    }

    OnnxMessage message(String name) {
        return new OnnxMessage((DynamicMessage) field(name));
    }

    List<OnnxMessage> messages(String name) {
        return list(name).stream()
                .map(each -> new OnnxMessage((DynamicMessage) each))
                .toList();
    }

    List<?> list(String name) {
        return (List<?>) field(name);
    }
}
