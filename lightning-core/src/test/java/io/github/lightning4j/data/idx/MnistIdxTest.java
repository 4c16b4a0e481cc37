package io.github.lightning4j.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.data.idx.MnistIdx.Part;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.IdxBytes;
import io.github.lightning4j.internal.torch.DatasetFields;
import io.github.lightning4j.internal.torch.NativeMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistIdxTest extends DataFixture {
    @TempDir
    Path folder;

    @Test
    void pixels_areScaledAndLabelsWidened() throws IOException {
        write("train-images-idx3-ubyte", IdxBytes.images(9));
        write("train-labels-idx1-ubyte.gz", IdxBytes.gzip(IdxBytes.labels(9)));

        TensorDataset digits = MnistIdx.load(tensors, folder, Part.TRAIN);

        NDArray pixels = DatasetFields.data(digits).head();
        NDArray labels = DatasetFields.labels(digits).head();
        assertThat(pixels.getShape()).isEqualTo(new Shape(9, 1, 2, 3));
        assertThat(pixels.getDataType()).isEqualTo(DataType.FLOAT32);
        for (int i = 0; i < 54; i++) {
            assertThat(pixels.toFloatArray()[i]).isEqualTo((i * 5 & 0xFF) / 255f);
        }
        assertThat(labels.getDataType()).isEqualTo(DataType.INT64);
        assertThat(labels.toLongArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void normalisation_isThatOfTorchvision() throws IOException {
        writePart("t10k", 9);

        TensorDataset digits = MnistIdx.load(tensors, folder, Part.TEST, 0.1307f, 0.3081f);

        NDArray plain =
                DatasetFields.data(MnistIdx.load(tensors, folder, Part.TEST)).head();
        assertThat(DatasetFields.data(digits).head().toFloatArray())
                .containsExactly(plain.sub(0.1307f).div(0.3081f).toFloatArray());
    }

    @Test
    void usualFileNames_areAllFound() throws IOException {
        for (String separator : List.of("-", ".")) {
            for (boolean gzip : new boolean[] {false, true}) {
                Path images = write(
                        "t10k-images" + separator + "idx3-ubyte" + (gzip ? ".gz" : ""),
                        gzip ? IdxBytes.gzip(IdxBytes.images(2)) : IdxBytes.images(2));
                Path labels = write(
                        "t10k-labels" + separator + "idx1-ubyte" + (gzip ? ".gz" : ""),
                        gzip ? IdxBytes.gzip(IdxBytes.labels(2)) : IdxBytes.labels(2));

                assertThat(MnistIdx.load(tensors, folder, Part.TEST).size()).isEqualTo(2);

                Files.delete(images);
                Files.delete(labels);
            }
        }
    }

    @Test
    void streams_areReadAsFilesAre() {
        TensorDataset digits = MnistIdx.read(
                tensors,
                new ByteArrayInputStream(IdxBytes.gzip(IdxBytes.images(4))),
                new ByteArrayInputStream(IdxBytes.labels(4)),
                "digits");

        assertThat(labels(DataLoader.of(digits, 4), 1, 0, 0)).containsExactly(List.of(0L, 1L, 2L, 3L));
    }

    @Test
    void differentNumbersOfImagesAndLabels_areRefused() throws IOException {
        write("train-images-idx3-ubyte", IdxBytes.images(9));
        write("train-labels-idx1-ubyte", IdxBytes.labels(8));

        assertRefused("8 labels for 9 images", "train-labels-idx1-ubyte");
    }

    @Test
    void fileOfTheWrongKind_isRefused() throws IOException {
        write("train-images-idx3-ubyte", IdxBytes.labels(9));
        write("train-labels-idx1-ubyte", IdxBytes.labels(9));
        assertRefused("train-images-idx3-ubyte", "shape (9)", "3 dimensions");

        write("train-images-idx3-ubyte", IdxBytes.file(0x0C, new int[] {1, 1, 1}, new byte[4]));
        assertRefused("int32", "expected uint8");
    }

    @Test
    void cutOffLabels_leaveNoTensorBehind() throws IOException {
        write("train-images-idx3-ubyte", IdxBytes.images(9));
        write("train-labels-idx1-ubyte", Arrays.copyOf(IdxBytes.labels(9), 12));

        assertRefused("train-labels-idx1-ubyte", "4 bytes", "announces 9");
        assertThat(NativeMemory.below(tensors)).isEqualTo(NativeMemory.NONE);
    }

    @Test
    void missingFolderOrFile_isRefusedWithWhatIsThere() throws IOException {
        assertRefused("train-images-idx3-ubyte", "train-images.idx3-ubyte.gz", "but nothing");
        writePart("t10k", 1);
        assertRefused("but [t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte]");
        assertThatThrownBy(() -> MnistIdx.load(tensors, folder.resolve("none"), Part.TEST))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("There is no data folder " + folder.resolve("none"));
    }

    @Test
    void deviationOfZero_isRefused() throws IOException {
        writePart("train", 1);

        assertThatThrownBy(() -> MnistIdx.load(tensors, folder, Part.TRAIN, 0, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("std");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> MnistIdx.load(tensors, folder, Part.TRAIN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContainingAll(parts);
    }

    private void writePart(String prefix, int count) throws IOException {
        write(prefix + "-images-idx3-ubyte", IdxBytes.images(count));
        write(prefix + "-labels-idx1-ubyte", IdxBytes.labels(count));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
