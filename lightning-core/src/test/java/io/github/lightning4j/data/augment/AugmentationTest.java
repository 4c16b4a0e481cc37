package io.github.lightning4j.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.internal.random.SplitMix64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest extends DataFixture {
    private static final SampleTransform[] ALL = {
        new RandomHorizontalFlip(0.5), new RandomCrop(2), new RandomErasing(0.5, 0.5)
    };

    @Test
    void augmentation_isAFunctionOfSeedEpochAndSample() {
        DataLoader loader = loader(images(20), 1, true, ALL);
        List<Content> first = read(loader, 1, 0, 0);

        assertThat(read(loader, 1, 0, 0)).isEqualTo(first);
        assertThat(read(loader, 1, 1, 0)).isNotEqualTo(first);
        assertThat(read(loader, 2, 0, 0)).isNotEqualTo(first);
    }

    @Test
    void augmentation_doesNotDependOnTheOrderOfSamples() {
        Set<List<Float>> ordered = new HashSet<>();
        read(loader(images(20), 1, false, ALL), 1, 0, 0).forEach(content -> ordered.addAll(split(content)));
        Set<List<Float>> shuffled = new HashSet<>();
        read(loader(images(20), 1, true, ALL), 1, 0, 0).forEach(content -> shuffled.addAll(split(content)));

        assertThat(shuffled).isEqualTo(ordered);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void augmentation_doesNotDependOnWorkersOrSkip(int workers) {
        TensorDataset images = images(20);
        List<Content> all = read(loader(images, 1, true, ALL), 1, 0, 0);

        for (int skip = 0; skip <= 5; skip++) {
            assertThat(read(loader(images, workers, true, ALL), 1, 0, skip)).isEqualTo(all.subList(skip, 5));
        }
    }

    @Test
    void augmentation_leavesTheDatasetAlone() {
        TensorDataset images = images(4);
        List<Content> before = read(DataLoader.of(images, 4), 1, 0, 0);

        read(loader(images, 0, false, (sample, random) -> sample.muli(2)), 1, 0, 0);

        assertThat(read(DataLoader.of(images, 4), 1, 0, 0)).isEqualTo(before);
    }

    @Test
    void flip_mirrorsTheWidth() {
        assertThat(apply(new RandomHorizontalFlip(1), image(), 1)).containsExactly(3, 2, 1, 6, 5, 4);
        assertThat(apply(new RandomHorizontalFlip(0), image(), 1)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void flip_comesAsOftenAsAsked() {
        int flipped = 0;
        for (int seed = 0; seed < 400; seed++) {
            flipped += apply(new RandomHorizontalFlip(0.25), image(), seed)[0] == 3 ? 1 : 0;
        }

        assertThat(flipped).isBetween(74, 126); // 100 +- 3 standard deviations
    }

    @Test
    void crop_shiftsByUpToThePaddingAndFillsWithZeros() {
        Set<List<Float>> seen = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            float[] cropped = apply(new RandomCrop(1), image(), seed);
            seen.add(List.of(cropped[0], cropped[1], cropped[2], cropped[3], cropped[4], cropped[5]));
        }

        assertThat(seen)
                .hasSize(9)
                .contains(
                        List.of(1f, 2f, 3f, 4f, 5f, 6f),
                        List.of(0f, 0f, 0f, 0f, 1f, 2f),
                        List.of(5f, 6f, 0f, 0f, 0f, 0f),
                        List.of(2f, 3f, 0f, 5f, 6f, 0f));
    }

    @Test
    void erasing_blanksARectangleNoLargerThanAsked() {
        for (int seed = 0; seed < 100; seed++) {
            NDArray ones = batches.ones(new Shape(2, 10, 10));
            float[] erased = apply(new RandomErasing(1, 0.3), ones, seed);
            int zeros = 0;
            for (int i = 0; i < 100; i++) {
                assertThat(erased[i]).isEqualTo(erased[100 + i]);
                zeros += erased[i] == 0 ? 1 : 0;
            }
            assertThat(zeros).isBetween(1, 9);
        }
    }

    static Stream<Arguments> shapes() {
        List<Shape> images = List.of(
                new Shape(4, 5),
                new Shape(1, 4, 5),
                new Shape(3, 4, 5),
                new Shape(3, 4, 3),
                new Shape(16, 4, 5),
                new Shape(2, 3, 4, 5));
        List<Shape> others =
                List.of(new Shape(4), new Shape(), new Shape(28, 28, 1), new Shape(28, 30, 3), new Shape(2, 5, 3));
        return Stream.of(new RandomHorizontalFlip(1), new RandomCrop(1), new RandomErasing(1, 0.5))
                .flatMap(augmentation -> Stream.concat(
                        images.stream().map(shape -> Arguments.of(augmentation, shape, true)),
                        others.stream().map(shape -> Arguments.of(augmentation, shape, false))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsNoImageOrHasItsChannelsLast_isRefused(SampleTransform augmentation, Shape shape, boolean isImage) {
        if (isImage) {
            assertThat(apply(augmentation, batches.ones(shape), 1)).hasSize((int) shape.size());
            return;
        }
        NDArray sample = tensors.ones(shape);
        assertThatThrownBy(() -> augmentation.apply(sample, new SplitMix64(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(augmentation.getClass().getSimpleName() + " got a sample of shape " + shape)
                .hasMessageContaining(
                        shape.dimension() == 3 ? "image.transpose(2, 0, 1)" : "(channels, height, width)");
    }

    @Test
    void settingsOutOfRange_areRefused() {
        assertThatThrownBy(() -> new RandomHorizontalFlip(1.5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new RandomCrop(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new RandomErasing(Double.NaN, 0.5)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new RandomErasing(0.5, 0)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void augment_onTopOfTransformsOfBatches_isRefused() {
        ArrayDataset dataset = new ArrayDataset.Builder()
                .setData(tensors.ones(new Shape(4, 1, 2, 2)))
                .setSampling(2, false)
                .addTransform(batch -> batch.mul(2))
                .build();

        assertThatThrownBy(() -> loader(dataset, 1, false, new RandomCrop(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("whole batches");
    }

    private TensorDataset images(int count) {
        float[] pixels = new float[count * 36];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i + 1;
        }
        return TensorDataset.of(tensors, pixels, new Shape(count, 1, 6, 6), new long[count]);
    }

    private NDArray image() {
        return batches.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(1, 2, 3));
    }

    /** The changed image; what was made on the way is freed with it. */
    private float[] apply(SampleTransform transform, NDArray image, long seed) {
        try (var scratch = batches.newSubManager()) {
            image.attach(scratch);
            return transform.apply(image, new SplitMix64(seed)).toFloatArray();
        }
    }

    private static List<List<Float>> split(Content content) {
        return List.of(0, 1, 2, 3).stream()
                .map(i -> content.data().subList(36 * i, 36 * i + 36))
                .toList();
    }

    private static DataLoader loader(
            RandomAccessDataset dataset, int workers, boolean shuffle, SampleTransform... transforms) {
        return DataLoader.builder(dataset)
                .batchSize(4)
                .shuffle(shuffle)
                .augment(transforms)
                .workers(workers)
                .build();
    }
}
