package io.github.lightning4j.examples;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Some of the bundled digits as the four files of MNIST. */
final class SmallDigits {
    private static final int IMAGES_MAGIC = 2051;
    private static final int LABELS_MAGIC = 2049;
    private static final int SIDE = 28;

    private SmallDigits() {}

    /** Writes the first digits for training and the next for testing; returns the folder. */
    static Path write(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        try (DataInputStream images = open("images-idx3-ubyte.gz");
                DataInputStream labels = open("labels-idx1-ubyte.gz")) {
            images.skipNBytes(4 * Integer.BYTES);
            labels.skipNBytes(2 * Integer.BYTES);
            write(folder, "train", images, labels, train);
            write(folder, "t10k", images, labels, test);
        }
        return folder;
    }

    private static DataInputStream open(String name) throws IOException {
        return new DataInputStream(new GZIPInputStream(
                Objects.requireNonNull(DigitSource.class.getResourceAsStream("mnist/" + name), name)));
    }

    private static void write(Path folder, String part, DataInputStream images, DataInputStream labels, int count)
            throws IOException {
        try (DataOutputStream out = output(folder.resolve(part + "-images-idx3-ubyte"))) {
            out.writeInt(IMAGES_MAGIC);
            out.writeInt(count);
            out.writeInt(SIDE);
            out.writeInt(SIDE);
            out.write(images.readNBytes(count * SIDE * SIDE));
        }
        try (DataOutputStream out = output(folder.resolve(part + "-labels-idx1-ubyte"))) {
            out.writeInt(LABELS_MAGIC);
            out.writeInt(count);
            out.write(labels.readNBytes(count));
        }
    }

    private static DataOutputStream output(Path file) throws IOException {
        return new DataOutputStream(Files.newOutputStream(file));
    }
}
