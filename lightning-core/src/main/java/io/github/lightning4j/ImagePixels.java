package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Pictures of one size: all of their values, picture by picture, channel by channel. */
record ImagePixels(int count, int channels, int height, int width, float[] values) {
    static ImagePixels of(NDArray array) {
        Shape shape = array.getShape();
        int dimensions = shape.dimension();
        if (dimensions < 2 || dimensions > 4 || shape.size() == 0) {
            throw wrong(shape);
        }
        int height = Math.toIntExact(shape.get(dimensions - 2));
        int width = Math.toIntExact(shape.get(dimensions - 1));
        long leading = shape.size() / height / width;
        long channels = channels(shape);
        return new ImagePixels(
                Math.toIntExact(leading / channels), Math.toIntExact(channels), height, width, unitValues(array));
    }

    /** Three dimensions are one picture if the first can be channels. */
    private static long channels(Shape shape) {
        return switch (shape.dimension()) {
            case 2 -> 1;
            case 3 -> shape.get(0) == 3 ? 3 : 1;
            default -> {
                if (shape.get(1) != 1 && shape.get(1) != 3) {
                    throw wrong(shape);
                }
                yield shape.get(1);
            }
        };
    }

    private static ConfigurationException wrong(Shape shape) {
        return new ConfigurationException("An array of shape " + shape + " is no image. Expected (H, W), (1, H, W) or"
                + " (3, H, W), and for several (N, H, W), (N, 1, H, W) or (N, 3, H, W).");
    }

    private static float[] unitValues(NDArray array) {
        boolean whole = array.getDataType().isInteger() || array.getDataType() == DataType.UINT8;
        try (NDArray floats = array.toType(DataType.FLOAT32, true)) {
            float[] values = floats.toFloatArray();
            if (whole) {
                for (int i = 0; i < values.length; i++) {
                    values[i] /= 255;
                }
            }
            return values;
        }
    }

    /** One of the pictures, 0xRRGGBB each. */
    int[] rgb(int image) {
        int[] rgb = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rgb[y * width + x] = pixel(image, y, x);
            }
        }
        return rgb;
    }

    private int pixel(int image, int y, int x) {
        int red = level(image, 0, y, x);
        return channels == 1
                ? red << 16 | red << 8 | red
                : red << 16 | level(image, 1, y, x) << 8 | level(image, 2, y, x);
    }

    private int level(int image, int channel, int y, int x) {
        float value = values[((image * channels + channel) * height + y) * width + x];
        return Math.max(0, Math.min(255, Math.round(value * 255)));
    }
}
