package io.github.lightning4j.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.util.DoubleSummaryStatistics;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blends of the samples of a batch. */
class BatchMixingTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void free() {
        manager.close();
    }

    @Test
    void mixUp_blendsSamplesAndLabelsByOneShare() {
        Batch mixed = new MixUp(1, 3).apply(batch());

        float[] labels = mixed.getLabels().head().toFloatArray();
        double share = labels[0];
        assertThat(share).isBetween(0.0, 1.0);
        assertThat(labels)
                .containsExactly(
                        (float) share,
                        0,
                        1 - (float) share,
                        1 - (float) share,
                        (float) share,
                        0,
                        0,
                        1 - (float) share,
                        (float) share);
        float[] pixels = mixed.getData().head().toFloatArray();
        assertThat(pixels[0]).isCloseTo((float) (share * 1 + (1 - share) * 3), within(1e-5f));
        assertThat(pixels[16]).isCloseTo((float) (share * 2 + (1 - share) * 1), within(1e-5f));
    }

    @Test
    void cutMix_takesARectangleFromTheImageBefore_andItsAreaForTheLabels() {
        Batch mixed = new CutMix(1, 3).apply(batch());

        float[] pixels = mixed.getData().head().toFloatArray();
        int taken = 0;
        for (int i = 0; i < 16; i++) {
            assertThat(pixels[i]).isIn(1f, 3f);
            taken += pixels[i] == 3 ? 1 : 0;
            assertThat(pixels[16 + i]).isEqualTo(pixels[i] == 3 ? 1f : 2f);
        }
        assertThat(mixed.getLabels().head().toFloatArray()[0]).isCloseTo(1 - taken / 16f, within(1e-6f));
    }

    @Test
    void theBlend_followsLibtorchsSeed() {
        TorchRandom.seed(4);
        float[] first = new MixUp(0.4, 3).apply(batch()).getLabels().head().toFloatArray();
        float[] other = new MixUp(0.4, 3).apply(batch()).getLabels().head().toFloatArray();
        TorchRandom.seed(4);

        assertThat(new MixUp(0.4, 3).apply(batch()).getLabels().head().toFloatArray())
                .isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void beta_hasItsMeanAndVariance() {
        SplittableRandom random = new SplittableRandom(5);
        for (double alpha : new double[] {0.2, 1, 4}) {
            DoubleSummaryStatistics values = new DoubleSummaryStatistics();
            DoubleSummaryStatistics squares = new DoubleSummaryStatistics();
            for (int i = 0; i < 20_000; i++) {
                double value = BetaDraw.symmetric(alpha, random);
                values.accept(value);
                squares.accept((value - 0.5) * (value - 0.5));
            }
            assertThat(values.getAverage()).isCloseTo(0.5, within(0.015));
            assertThat(squares.getAverage()).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.005));
        }
    }

    @Test
    void batchesThatCannotBeBlended_areRefused() {
        Batch images = batch();
        Batch counts = new Batch(
                manager.newSubManager(),
                new NDList(manager.create(new int[] {1, 2})),
                new NDList(manager.create(new long[] {0, 1})),
                2,
                null,
                null,
                0,
                0);

        assertThatThrownBy(() -> new MixUp(0, 3)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new CutMix(1, 1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new MixUp(1, 3).apply(counts))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("MixUp blends floating numbers");
        images.getLabels().add(manager.ones(new Shape(3)));
        assertThatThrownBy(() -> new CutMix(1, 3).apply(images))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("CutMix takes a batch of one array of data");
    }

    /** Three images of 4 x 4, filled with 1, 2 and 3, of the classes 0, 1, 2. */
    private Batch batch() {
        NDArray fill = manager.create(new float[] {1, 2, 3}, new Shape(3, 1, 1, 1));
        return new Batch(
                manager.newSubManager(),
                new NDList(fill.broadcast(3, 1, 4, 4)),
                new NDList(manager.create(new long[] {0, 1, 2})),
                3,
                null,
                null,
                0,
                0);
    }
}
