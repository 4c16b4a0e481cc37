package io.github.lightning4j.data.augment;

import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;

/** What can be told of a sample's axes from its shape. */
final class ImageLayout {
    private ImageLayout() {}

    /** Refuses what is no image, and an image whose channels come last, of which rows would be taken for channels. */
    static void requireChannelsFirst(String augmentation, Shape sample) {
        if (sample.dimension() < 2) {
            throw new DataException(augmentation + " got a sample of shape " + sample
                    + ", but needs an image, whose last two axes are height and width: (height, width) or (channels, height,"
                    + " width). Reshape it in the dataset, or leave the augmentation out.");
        }
        if (sample.dimension() == 3 && isChannels(sample.get(2)) && !isChannels(sample.get(0))) {
            throw new DataException(augmentation + " got a sample of shape " + sample
                    + ", which looks like (height, width, channels), but needs (channels, height, width). Turn it in the"
                    + " dataset, with image.transpose(2, 0, 1) or DJL's ToTensor.");
        }
    }

    private static boolean isChannels(long length) {
        return length == 1 || length == 3;
    }
}
