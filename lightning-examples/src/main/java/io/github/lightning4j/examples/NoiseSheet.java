package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Inference;
import io.github.lightning4j.Run;
import io.github.lightning4j.plot.ImageGrid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

/** Draws what becomes of the same noise before training and after each epoch: in a row of one noise the digits from 0 to 9. */
final class NoiseSheet implements Callback {
    private static final int ROWS = 6;
    private static final int SIDE = 56;
    private static final long SEED = 7;

    @Override
    public void onValidationEpochEnd(Run run) {
        if (!run.isFitting()) {
            return;
        }
        long epochs = run.globalStep() == 0 ? 0 : run.epoch() + 1;
        Path folder = Objects.requireNonNull(run.directory()).resolve("samples");
        ImageGrid sheet = sheet((LitForging) run.module());
        run.logItem("samples", sheet::toImage);
        try {
            sheet.write(folder.resolve(String.format("epoch-%02d.png", epochs)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImageGrid sheet(LitForging module) {
        ImageGrid.Builder sheet = ImageGrid.builder(LitForging.CLASSES).side(SIDE);
        try (Inference forging = module.inference()) {
            Random random = new Random(SEED);
            for (int row = 0; row < ROWS; row++) {
                NDArray images =
                        forging.forward(request(forging.manager(), random)).head();
                Digits.of(images).forEach(digit -> sheet.add(digit.image()));
            }
        }
        return sheet.build();
    }

    private static NDList request(NDManager manager, Random random) {
        float[] noise = new float[LitForging.NOISE];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        NDArray rows = manager.create(noise, new Shape(1, noise.length)).repeat(0, LitForging.CLASSES);
        return new NDList(rows, manager.arange(LitForging.CLASSES));
    }
}
