package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

public final class Gan extends LightningModule {
    static final int NOISE = 16;
    static final int SIDE = 8;

    private final Block generator = addChildBlock("generator", generator(), new Shape(1, NOISE));
    private final Block discriminator = addChildBlock("discriminator", discriminator(), new Shape(1, 1, SIDE, SIDE));

    @Override
    public boolean automaticOptimization() {
        return false;
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return OptimizerConfig.of(
                Adam.builder(generator.getParameters())
                        .lr(2e-4)
                        .betas(0.5, 0.999)
                        .build(),
                Adam.builder(discriminator.getParameters())
                        .lr(2e-4)
                        .betas(0.5, 0.999)
                        .build());
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        Optimizer ofGenerator = optimizers().get(0);
        Optimizer ofDiscriminator = optimizers().get(1);
        NDArray real = batch.getData().head();
        NDArray noise = real.getManager().randomNormal(new Shape(real.size(0), NOISE));
        NDArray ones = real.getManager().ones(new Shape(real.size(0), 1));
        NDArray zeros = ones.zerosLike();
        NDArray fake = generate(noise);

        NDArray onReal = call(discriminator, real);
        NDArray onFake = call(discriminator, fake.stopGradient());
        NDArray lossOfDiscriminator = Losses.bceWithLogits(onReal, ones).add(Losses.bceWithLogits(onFake, zeros));
        ofDiscriminator.zeroGrad();
        manualBackward(lossOfDiscriminator);
        ofDiscriminator.step();

        NDArray lossOfGenerator = Losses.bceWithLogits(call(discriminator, fake), ones);
        ofGenerator.zeroGrad();
        manualBackward(lossOfGenerator);
        ofGenerator.step();

        log("d_loss", lossOfDiscriminator, LogOptions.progressBar());
        log("g_loss", lossOfGenerator, LogOptions.progressBar());
        log("d_real", Activation.sigmoid(onReal).mean());
        log("d_fake", Activation.sigmoid(onFake).mean());
        return null;
    }

    @Override
    public NDList forward(NDList noise) {
        return new NDList(generate(noise.head()));
    }

    private NDArray generate(NDArray noise) {
        NDArray pixels = call(generator, noise);
        return pixels.reshape(noise.size(0), 1, SIDE, SIDE);
    }

    @Override
    public void onTrainEpochEnd() {
        Path directory = run().directory();
        if (directory == null) {
            return;
        }
        try (Inference in = inference()) {
            NDArray noise = in.manager().create(sameNoise(16), new Shape(16, NOISE));
            NDArray images = in.forward(noise);
            saveGrid(images, 4, directory.resolve("samples-" + run().epoch() + ".png"));
        }
    }

    private static float[] sameNoise(int samples) {
        Random random = new Random(7);
        float[] noise = new float[samples * NOISE];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    /** Images of shape (N, 1, height, width) from -1 to 1, side by side in rows. */
    static void saveGrid(NDArray images, int columns, Path file) {
        int count = (int) images.size(0);
        int height = (int) images.size(2);
        int width = (int) images.size(3);
        int rows = (count + columns - 1) / columns;
        float[] pixels = images.toFloatArray();
        BufferedImage grid = new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (height * width);
            int x = image % columns * width + i % width;
            int y = image / columns * height + i / width % height;
            int grey = Math.round((pixels[i] + 1) * 127.5f);
            grid.getRaster().setSample(x, y, 0, Math.max(0, Math.min(255, grey)));
        }
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(grid, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Block generator() {
        SequentialBlock block = new SequentialBlock()
                .add(Linear.builder().setUnits(64).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(SIDE * SIDE).build())
                .add(Activation::tanh);
        TorchInitializer.applyTo(block);
        return block;
    }

    private static Block discriminator() {
        SequentialBlock block = new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(64).build())
                .add(Activation.leakyReluBlock(0.2f))
                .add(Dropout.builder().optRate(0.3f).build())
                .add(Linear.builder().setUnits(1).build());
        TorchInitializer.applyTo(block);
        return block;
    }
}
