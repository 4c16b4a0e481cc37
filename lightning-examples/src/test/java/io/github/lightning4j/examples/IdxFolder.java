package io.github.lightning4j.examples;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Writes a folder of IDX files as MNIST's, with a few of the bundled digits. */
final class IdxFolder {
    private static final int PIXELS = 28 * 28;

    private IdxFolder() {}

    static Path write(Path folder, int train, int test) throws IOException {
        byte[] images = bundled("images-idx3-ubyte.gz", 16, (train + test) * PIXELS);
        byte[] labels = bundled("labels-idx1-ubyte.gz", 8, train + test);
        Files.createDirectories(folder);
        writePart(folder, "train", images, labels, 0, train);
        writePart(folder, "t10k", images, labels, train, test);
        return folder;
    }

    private static void writePart(Path folder, String part, byte[] images, byte[] labels, int from, int count)
            throws IOException {
        try (DataOutputStream file = create(folder.resolve(part + "-images-idx3-ubyte.gz"))) {
            for (int number : new int[] {0x803, count, 28, 28}) {
                file.writeInt(number);
            }
            file.write(images, from * PIXELS, count * PIXELS);
        }
        try (DataOutputStream file = create(folder.resolve(part + "-labels-idx1-ubyte.gz"))) {
            file.writeInt(0x801);
            file.writeInt(count);
            file.write(labels, from, count);
        }
    }

    private static DataOutputStream create(Path file) throws IOException {
        return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)));
    }

    private static byte[] bundled(String name, int header, int length) throws IOException {
        try (DataInputStream file = new DataInputStream(
                new GZIPInputStream(Objects.requireNonNull(MnistCnn.class.getResourceAsStream("mnist/" + name))))) {
            file.skipNBytes(header);
            return file.readNBytes(length);
        }
    }
}
