package io.github.lightning4j.logger.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A Protocol Buffers message being written, field by field, by number. */
final class Proto {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Write {
        void run() throws IOException;
    }

    private Proto put(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    Proto number(int field, long value) {
        return put(() -> out.writeInt64(field, value));
    }

    Proto real(int field, double value) {
        return put(() -> out.writeDouble(field, value));
    }

    Proto truth(int field, boolean value) {
        return put(() -> out.writeBool(field, value));
    }

    Proto text(int field, String value) {
        return put(() -> out.writeString(field, value));
    }

    Proto bytes(int field, byte[] value) {
        return put(() -> out.writeBytes(field, ByteString.copyFrom(value)));
    }

    Proto message(int field, Proto value) {
        return bytes(field, value.toBytes());
    }

    Proto floats(int field, float... values) {
        return put(() -> {
            out.writeTag(field, 2);
            out.writeUInt32NoTag(Float.BYTES * values.length);
            for (float value : values) {
                out.writeFloatNoTag(value);
            }
        });
    }

    /** Numbers one after the other, as repeated fields are packed. */
    Proto reals(int field, double... values) {
        return put(() -> {
            out.writeTag(field, 2);
            out.writeUInt32NoTag(Double.BYTES * values.length);
            for (double value : values) {
                out.writeDoubleNoTag(value);
            }
        });
    }

    byte[] toBytes() {
        put(out::flush);
        return bytes.toByteArray();
    }
}
