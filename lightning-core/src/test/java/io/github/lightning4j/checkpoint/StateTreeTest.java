package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.checkpoint.internal.Snapshot;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTreeTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private StateTreeReader throughAFile(StateTreeWriter tree) {
        Path file = folder.resolve("state.safetensors");
        CheckpointWriter.direct().write(file, tree);
        SafetensorsReader reader = SafetensorsReader.open(file);
        return StateTreeReader.of(reader, "", java.util.Objects.requireNonNull(reader.state()));
    }

    @Test
    void values_comeBackExactly() {
        double[] doubles = {
            0.1,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            1,
            1e300,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.longBitsToDouble(0xfff8000000000123L),
            Double.longBitsToDouble(0x7ff0000000000001L)
        };
        StateTreeWriter tree = new StateTreeWriter();
        StateTreeWriter child = tree.child("callbacks/Early Stopping");
        child.putDoubles("doubles", doubles);
        for (int i = 0; i < doubles.length; i++) {
            child.putDouble("double" + i, doubles[i]);
        }
        child.putLongs("longs", Long.MIN_VALUE, 0, Long.MAX_VALUE);
        child.putLong("long", Long.MIN_VALUE);
        child.putBoolean("yes", true);
        child.putString("text", "line\n\"quoted\" \\ 層🔥\u0000\u2028");
        child.putStrings("texts", List.of("", "NaN"));
        child.putLongs("none");
        tree.child("empty");

        StateTreeReader state = throughAFile(tree).child("callbacks").child("Early Stopping");
        assertThat(bits(state.getDoubles("doubles"))).containsExactly(bits(doubles));
        for (int i = 0; i < doubles.length; i++) {
            assertThat(bits(state.getDouble("double" + i))).containsExactly(bits(doubles[i]));
        }
        assertThat(state.getLongs("longs")).containsExactly(Long.MIN_VALUE, 0, Long.MAX_VALUE);
        assertThat(state.getLong("long")).isEqualTo(Long.MIN_VALUE);
        assertThat(state.getBoolean("yes")).isTrue();
        assertThat(state.getString("text")).isEqualTo("line\n\"quoted\" \\ 層🔥\u0000\u2028");
        assertThat(state.getStrings("texts")).containsExactly("", "NaN");
        assertThat(state.getLongs("none")).isEmpty();
        assertThat(state.getDoubles("none")).isEmpty();
        state.requireAllRead();
    }

    private static long[] bits(double... values) {
        return java.util.Arrays.stream(values)
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }

    @Test
    void keys_listValuesChildrenAndTensors() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.child("optimizer/0").putTensor("exp_avg/01Linear_weight", manager.ones(new Shape(2)));
        tree.child("optimizer/0").putLong("step", 3);
        tree.child("optimizer/0/groups");
        StateTreeReader state = throughAFile(tree).child("optimizer/0");
        assertThat(state.keys()).containsExactly("exp_avg", "groups", "step");
        assertThat(state.tensorNames()).containsExactly("exp_avg/01Linear_weight");
        assertThat(state.has("exp_avg/01Linear_weight")).isTrue();
        assertThat(state.has("exp_avg")).isTrue();
        assertThat(state.has("exp")).isFalse();
        NDArray target = manager.zeros(new Shape(2));
        state.child("exp_avg").readTensor("01Linear_weight", target);
        assertThat(target.toFloatArray()).containsExactly(1, 1);
    }

    @Test
    void missingKey_isNamedWithItsPath() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.child("loop").putLong("epoch", 1);
        StateTreeReader state = throughAFile(tree);
        assertThatThrownBy(() -> state.child("loop").getLong("step"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'loop/step' is missing in " + folder);
        assertThatThrownBy(() -> state.child("loop/position")).hasMessageContaining("'loop/position'");
        assertThatThrownBy(() -> state.child("loop/epoch")).hasMessageContaining("'loop/epoch'");
        assertThatThrownBy(() -> state.readTensor("model/weight", manager.create(1f)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'model/weight' is missing");
    }

    @Test
    void wrongType_isNamed() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putLong("n", 1);
        tree.putDouble("x", 1);
        StateTreeReader state = throughAFile(tree);
        assertThatThrownBy(() -> state.getDouble("n"))
                .hasMessageContaining("'n'")
                .hasMessageContaining("is 1.");
        assertThatThrownBy(() -> state.getLong("x"))
                .hasMessageContaining("whole number")
                .hasMessageContaining("1.0");
        assertThatThrownBy(() -> state.getString("x")).hasMessageContaining("a text");
        assertThatThrownBy(() -> state.getLongs("n")).hasMessageContaining("a list of whole numbers");
        assertThatThrownBy(() -> state.getBoolean("n")).hasMessageContaining("true or false");
    }

    @Test
    void wrongShapeOrDtype_namesBoth() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("model/w", manager.ones(new Shape(2, 3)));
        StateTreeReader state = throughAFile(tree);
        assertThatThrownBy(() -> state.readTensor("model/w", manager.ones(new Shape(3, 2))))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'model/w' is float32 (2, 3)")
                .hasMessageContaining("float32 (3, 2) is expected");
        assertThatThrownBy(() -> state.readTensor(
                        "model/w", manager.ones(new Shape(2, 3), ai.djl.ndarray.types.DataType.FLOAT64)))
                .hasMessageContaining("float64 (2, 3) is expected");
    }

    @Test
    void leftOverKeys_areNamed() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.child("a").putLong("read", 1);
        tree.child("a").putLong("unread", 1);
        tree.child("b").putTensor("deep/tensor", manager.create(1f));
        StateTreeReader state = throughAFile(tree);
        state.child("a").getLong("read");
        assertThatThrownBy(state::requireAllRead)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'b/deep/tensor', 'a/unread'");
        assertThatThrownBy(() -> state.child("a").requireAllRead()).hasMessageContaining("'a/unread'");
        state.child("b").skip();
        assertThatThrownBy(state::requireAllRead).hasMessageNotContaining("deep/tensor");
        state.child("a").getLong("unread");
        state.requireAllRead();
    }

    @Test
    void ambiguousKeys_areRefused() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putLong("a", 1);
        assertThatThrownBy(() -> tree.putLong("a", 2)).hasMessageContaining("'a' is written twice");
        assertThatThrownBy(() -> tree.putTensor("a", manager.create(1f))).hasMessageContaining("'a'");
        assertThatThrownBy(() -> tree.child("a")).hasMessageContaining("'a'");
        assertThatThrownBy(() -> tree.putLong("val/loss", 2)).hasMessageContaining("must not contain '/'");
        assertThatThrownBy(() -> tree.child("a//b")).hasMessageContaining("empty part");
        tree.child("x").putTensor("t", manager.create(1f));
        assertThatThrownBy(() -> tree.child("x").putDouble("t", 1)).hasMessageContaining("'x/t'");
        assertThatThrownBy(() -> tree.child("x/t")).hasMessageContaining("'x/t'");
    }

    @Test
    void newTensor_outlivesTheMemoryScopeItWasMadeIn() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("t", manager.arange(5f));
        StateTreeReader state = throughAFile(tree);
        NDArray made;
        try (MemoryScope scope = MemoryScope.open()) {
            made = state.newTensor("t", manager);
        }
        assertThat(made.toFloatArray()).containsExactly(0, 1, 2, 3, 4);
        assertThat(made.getManager()).isSameAs(manager);
    }

    @Test
    void reader_ofATreeInMemory_readsTheSame() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("t", manager.arange(4f).reshape(2, 2).transpose());
        tree.child("c").putDouble("x", Double.NaN);
        StateTreeReader state = tree.reader();
        NDArray target = manager.zeros(new Shape(2, 2));
        state.readTensor("t", target);
        assertThat(target.toFloatArray()).containsExactly(0, 2, 1, 3);
        assertThat(state.child("c").getDouble("x")).isNaN();
        state.requireAllRead();
    }

    @Test
    void snapshot_keepsWhatWasThere() {
        NDArray live = manager.arange(4f);
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("t", live);
        Path file = folder.resolve("snapshot.safetensors");
        try (MemoryScope scope = MemoryScope.open();
                Snapshot snapshot = new Snapshot(tree.values(), tree.tensors())) {
            live.muli(0);
            snapshot.writeTo(file, AtomicFile.Opener.NORMAL);
        }
        try (Checkpoint written = Checkpoint.open(file)) {
            NDArray restored = written.state().newTensor("t", manager);
            assertThat(restored.toFloatArray()).containsExactly(0, 1, 2, 3);
        }
    }
}
