package io.github.lightning4j.plot;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A drawing: as SVG, as PNG or as something to be logged. Plots do not change once they are made, and are drawn anew each
 * time.
 */
public abstract class Plot {
    Plot() {}

    abstract int width();

    abstract int height();

    abstract void draw(Pen pen);

    /**
     * The drawing as SVG.
     *
     * @return a document of its own, that asks for no other
     */
    public final String toSvg() {
        SvgPen pen = new SvgPen(width(), height());
        draw(pen);
        return pen.toString();
    }

    /**
     * The drawing in pixels, to be logged: {@code logItem("curve", () -> plot.toImage())}.
     *
     * @return the picture
     */
    public final LogItem.Image toImage() {
        try (PixelPen pen = new PixelPen(width(), height())) {
            draw(pen);
            return pen.image();
        }
    }

    /**
     * The drawing as PNG.
     *
     * @return the bytes of a file
     */
    public final byte[] toPng() {
        return toImage().png();
    }

    /**
     * Writes the drawing into a file, in place of what is there; folders above it are made.
     *
     * @param file a name that ends in {@code .svg} or {@code .png}
     * @throws ConfigurationException if it ends otherwise
     * @throws IOException if it cannot be written
     */
    public final void write(Path file) throws IOException {
        byte[] bytes = bytes(file);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, bytes);
    }

    private byte[] bytes(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".svg")) {
            return toSvg().getBytes(StandardCharsets.UTF_8);
        }
        if (name.endsWith(".png")) {
            return toPng();
        }
        throw new ConfigurationException(
                "A plot cannot be written into " + file + ". Give a name that ends in .svg or .png.");
    }
}
