package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on few digits, and what it is compared with. */
class AutoencoderTest {
    @TempDir
    Path folder;

    @Test
    void aFewEpochs_beatTheBestLinearCode() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 1200, 200);
        Path run = folder.resolve("run");

        Outcome outcome = run(data, run, "--epochs", "6", "--batch-size", "16");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.number("autoencoder ")).isLessThan(outcome.number("PCA"));
        assertThat(run.resolve("reconstructions"))
                .isDirectoryContaining(file -> file.endsWith("epoch-00.png"))
                .isDirectoryContaining(file -> file.endsWith("epoch-05.png"));
        BufferedImage grid = ImageIO.read(run.resolve("comparison.png").toFile());
        assertThat(grid.getWidth()).isEqualTo(773);
        assertThat(grid.getHeight()).isEqualTo(208);
    }

    @Test
    void anInterruptedRun_endsWhereAnUninterruptedOneEnds() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 300, 20);
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");

        run(data, whole, "--epochs", "2");
        Outcome first = run(data, parts, "--epochs", "2", "--interrupt-at", "1");
        Outcome second = run(data, parts, "--epochs", "2", "--resume");

        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(Outcome.weights(parts)).isEqualTo(Outcome.weights(whole));
        assertThat(parts.resolve("comparison.png")).hasSameBinaryContentAs(whole.resolve("comparison.png"));
    }

    private static Outcome run(Path data, Path directory, String... more) {
        String[] args = {"autoencoder", "--data", data.toString(), "--seed", "1", "--output", directory.toString()};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Outcome.of(all);
    }

    @Test
    void principalComponents_holdAPlaneAndLoseWhatIsBesideIt() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] rows = new float[3 * 400];
            Random random = new Random(1);
            for (int i = 0; i < 400; i++) {
                float u = (float) random.nextGaussian();
                float v = (float) random.nextGaussian();
                rows[3 * i] = 5 + 3 * u + v;
                rows[3 * i + 1] = u - 2 * v;
                rows[3 * i + 2] = 4 * v - u;
            }
            NDArray points = manager.create(rows, new Shape(400, 3));

            assertThat(error(new Pca(points, 2), points)).isCloseTo(0, within(1e-9));
            assertThat(error(new Pca(points, 1), points)).isGreaterThan(1);
        }
    }

    private static double error(Pca pca, NDArray points) {
        return pca.reconstruct(points).sub(points).square().mean().getFloat();
    }
}
