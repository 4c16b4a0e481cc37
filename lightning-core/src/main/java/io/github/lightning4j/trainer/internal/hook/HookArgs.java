package io.github.lightning4j.trainer.internal.hook;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a hook is given. Each line of the table reads what its hook has; the objects are used again, so none is made a step. */
class HookArgs {
    @Nullable
    Stage stage;

    @Nullable
    Batch batch;

    int index;
    int loader;

    @Nullable
    NDArray loss;

    @Nullable
    NDList outputs;

    @Nullable
    Optimizer optimizer;

    @Nullable
    SavePoint point;

    @Nullable
    Throwable failure;

    final Stage stage() {
        return Objects.requireNonNull(stage);
    }

    final Batch batch() {
        return Objects.requireNonNull(batch);
    }

    final NDArray loss() {
        return Objects.requireNonNull(loss);
    }

    final NDList outputs() {
        return Objects.requireNonNull(outputs);
    }

    final Optimizer optimizer() {
        return Objects.requireNonNull(optimizer);
    }

    final SavePoint point() {
        return Objects.requireNonNull(point);
    }

    final Throwable failure() {
        return Objects.requireNonNull(failure);
    }

    final void forget() {
        stage = null;
        batch = null;
        loss = null;
        outputs = null;
        optimizer = null;
        point = null;
        failure = null;
    }
}
