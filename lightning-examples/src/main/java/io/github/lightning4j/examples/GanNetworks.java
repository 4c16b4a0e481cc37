package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.nn.ConvTranspose2d;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.PixelShuffle;

/**
 * The two networks of a small DCGAN (Radford et al. 2016) for images of 28 x 28 grey pixels. Their largest layers see four pixels as
 * four channels, which is faster on a CPU than one channel of four times the pixels.
 */
final class GanNetworks {
    private static final float SLOPE = 0.2f;
    private static final int FEW = 16;
    private static final int MANY = 64;
    private static final int UNITS = MANY * 7 * 7;

    private GanNetworks() {}

    /** Makes of numbers (N, inputs) images (N, 1, 28, 28) from 0 to 1. */
    static Block generator(int inputs) {
        return TorchInitializer.applyTo(new SequentialBlock()
                .add(new Linear(inputs, UNITS))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(LambdaBlock.singleton(units -> units.reshape(-1, MANY, 7, 7), "unflatten"))
                .add(new ConvTranspose2d(MANY, FEW, 4, 2, 1, 0))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(convolution(4))
                .add(new PixelShuffle(2))
                .add(Activation::sigmoid));
    }

    /**
     * Says of images (N, 1, 28, 28) how real they look as each of some classes (N, classes). No layer mixes images, so a slope of
     * it is that of one image.
     */
    static Block critic(int classes) {
        return TorchInitializer.applyTo(new SequentialBlock()
                .add(LambdaBlock.singleton(GanNetworks::fours, "fours"))
                .add(convolution(FEW))
                .add(Activation.leakyReluBlock(SLOPE))
                .add(halving(MANY))
                .add(Activation.leakyReluBlock(SLOPE))
                .add(Blocks.batchFlattenBlock())
                .add(new Linear(UNITS, classes)));
    }

    private static Block convolution(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .build();
    }

    private static Block halving(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(4, 4))
                .optStride(new Shape(2, 2))
                .optPadding(new Shape(1, 1))
                .build();
    }

    /** Pixels from -1 to 1, four neighbours in four channels: what {@link PixelShuffle} undoes. */
    private static NDArray fours(NDArray pixels) {
        return pixels.mul(2)
                .sub(1)
                .reshape(-1, 14, 2, 14, 2)
                .transpose(0, 2, 4, 1, 3)
                .reshape(-1, 4, 14, 14);
    }
}
