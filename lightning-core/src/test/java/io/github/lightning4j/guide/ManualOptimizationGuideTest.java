package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Inference;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/manual-optimization.md, which are parts of this class. */
class ManualOptimizationGuideTest {
    @TempDir
    private Path folder;

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf("manual-optimization.md", getClass(), Gan.class);
    }

    @Test
    void theGan_endsTheSameWhetherItWasInterruptedOrNot() {
        String undisturbed = trained(folder.resolve("undisturbed"), 3);

        trained(folder.resolve("resumed"), 1);
        String resumed = trained(folder.resolve("resumed"), 3);

        assertThat(resumed).isEqualTo(undisturbed);
        assertThat(folder.resolve("resumed").resolve("samples-0.png")).exists();
        assertThat(folder.resolve("resumed").resolve("samples-2.png"))
                .hasSameBinaryContentAs(folder.resolve("undisturbed").resolve("samples-2.png"));
    }

    @Test
    void samples_comeFromAnyBatchOfNoise() {
        try (NDManager manager = NDManager.newBaseManager();
                Gan gan = new Gan()) {
            fit(gan, images(manager), folder.resolve("run"), 1);

            try (Inference in = gan.inference()) {
                NDArray images = in.forward(in.manager().randomNormal(new Shape(3, Gan.NOISE)));
                assertThat(images.getShape()).isEqualTo(new Shape(3, 1, Gan.SIDE, Gan.SIDE));
            }
        }
    }

    private static String trained(Path directory, int epochs) {
        try (NDManager manager = NDManager.newBaseManager();
                Gan gan = new Gan()) {
            FitResult result = fit(gan, images(manager), directory, epochs);
            assertThat(result.globalStep()).isEqualTo(4L * epochs);
            assertThat(result.metrics()).containsKeys("d_loss", "g_loss", "d_real", "d_fake");
            return Weights.sha256(gan);
        }
    }

    private static FitResult fit(Gan gan, TensorDataset images, Path directory, int epochs) {
        DataLoader train = DataLoader.builder(images)
                .batchSize(16)
                .shuffle(true)
                .dropLast(true)
                .build();

        Trainer trainer = Trainer.builder()
                .maxEpochs(epochs)
                .seed(42)
                .runDirectory(directory)
                .autoResume(true)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .build();
        FitResult result = trainer.fit(gan, train);
        return result;
    }

    private static TensorDataset images(NDManager manager) {
        Random random = new Random(1);
        float[] pixels = new float[70 * Gan.SIDE * Gan.SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.tanh(random.nextGaussian());
        }
        return TensorDataset.of(manager.create(pixels, new Shape(70, 1, Gan.SIDE, Gan.SIDE)));
    }
}
