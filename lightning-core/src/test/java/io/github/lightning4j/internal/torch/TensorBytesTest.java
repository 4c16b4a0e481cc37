package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorBytesTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 8, 12, 20, 24, 40, 1000})
    void read_inStretchesOfAnySize_givesRowMajorOrder(long limit) throws IOException {
        NDArray array = manager.arange(60f).reshape(3, 4, 5);
        assertThat(floats(array, limit)).containsExactly(array.toFloatArray());
        NDArray turned = array.transpose(2, 0, 1);
        assertThat(floats(turned, limit)).containsExactly(turned.toFloatArray());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 8, 12, 20, 24, 40, 1000})
    void fill_ofAnyLayout_changesTheTensorItself(long limit) throws IOException {
        NDArray base = manager.zeros(new Shape(3, 4, 5));
        NDArray turned = base.transpose(2, 0, 1);
        fillWithNumbers(turned, limit);
        float[] expected =
                manager.arange(60f).reshape(5, 3, 4).transpose(1, 2, 0).toFloatArray();
        assertThat(base.toFloatArray()).containsExactly(expected);

        NDArray everySecond = base.get(":, ::2");
        fillWithNumbers(everySecond, limit);
        assertThat(base.get(":, ::2").toFloatArray())
                .containsExactly(manager.arange(30f).toFloatArray());
        assertThat(base.get(":, 1").toFloatArray())
                .containsExactly(java.util.Arrays.copyOf(
                        manager.create(expected).reshape(3, 4, 5).get(":, 1").toFloatArray(), 15));
    }

    @Test
    void fill_ofALeafThatWantsAGradient_keepsItsStorageAndItsFlag() throws IOException {
        NDArray base = manager.zeros(new Shape(2, 3));
        NDArray view = base.reshape(6);
        base.setRequiresGradient(true);
        try (GradMode on = GradMode.recording()) {
            fillWithNumbers(base, 1000);
        }
        assertThat(base.hasGradient()).isTrue();
        assertThat(view.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void copy_betweenLayouts_isInPlace() {
        NDArray base = manager.zeros(new Shape(3, 2));
        NDArray target = base.transpose();
        target.setRequiresGradient(true);
        NDArray source = manager.arange(6f).reshape(3, 2).transpose();
        try (GradMode on = GradMode.recording()) {
            TensorBytes.copy(source, target);
        }
        assertThat(base.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
        NDArray scalar = manager.create(1f);
        TensorBytes.copy(manager.create(7f), scalar);
        assertThat(scalar.getFloat()).isEqualTo(7);
        TensorBytes.copy(manager.zeros(new Shape(0, 2)), manager.zeros(new Shape(0, 2)));
    }

    @Test
    void isContiguous_tellsViewsFromCopies() {
        NDArray array = manager.zeros(new Shape(3, 4));
        assertThat(Tensors.isContiguous(array)).isTrue();
        assertThat(Tensors.isContiguous(array.get(1))).isTrue();
        assertThat(Tensors.isContiguous(array.transpose())).isFalse();
        assertThat(Tensors.isContiguous(array.get(":, 1"))).isFalse();
        assertThat(Tensors.isContiguous(manager.create(1f))).isTrue();
        assertThat(Tensors.isContiguous(manager.zeros(new Shape(0), DataType.INT8)))
                .isTrue();
    }

    private static void fillWithNumbers(NDArray array, long limit) throws IOException {
        float[] next = {0};
        TensorBytes.fill(
                array,
                bytes -> {
                    while (bytes.hasRemaining()) {
                        bytes.putFloat(next[0]++);
                    }
                },
                limit);
    }

    private static float[] floats(NDArray array, long limit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TensorBytes.read(
                array,
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    bytes.write(copy);
                },
                limit);
        float[] floats = new float[bytes.size() / Float.BYTES];
        ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .get(floats);
        return floats;
    }
}
