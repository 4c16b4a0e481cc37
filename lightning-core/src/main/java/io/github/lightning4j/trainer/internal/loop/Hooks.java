package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls callbacks in their order and then the module, and tells the log book which hook runs. For every hook of the hot
 * path the callbacks that override it are found once; one that does not costs nothing.
 */
final class Hooks {
    private final Run run;
    private final LightningModule module;
    private final LogBook book;
    private final List<Callback> callbacks;
    private final Map<String, Callback[]> overriding = new HashMap<>();

    private final Callback[] trainBatchStart;
    private final Callback[] trainBatchEnd;
    private final Callback[] beforeZeroGrad;
    private final Callback[] beforeBackward;
    private final Callback[] afterBackward;
    private final Callback[] beforeOptimizerStep;
    private final Callback[] savePoint;

    Hooks(Run run, LightningModule module, LogBook book, List<Callback> callbacks) {
        this.run = run;
        this.module = module;
        this.book = book;
        this.callbacks = List.copyOf(callbacks);
        trainBatchStart = overriding("onTrainBatchStart");
        trainBatchEnd = overriding("onTrainBatchEnd");
        beforeZeroGrad = overriding("onBeforeZeroGrad");
        beforeBackward = overriding("onBeforeBackward");
        afterBackward = overriding("onAfterBackward");
        beforeOptimizerStep = overriding("onBeforeOptimizerStep");
        savePoint = overriding("onSavePoint");
    }

    /** The callbacks that override a hook of the given name. */
    Callback[] overriding(String name) {
        return overriding.computeIfAbsent(name, this::findOverriding);
    }

    private Callback[] findOverriding(String name) {
        List<Callback> found = new ArrayList<>();
        for (Callback callback : callbacks) {
            boolean overrides = Arrays.stream(callback.getClass().getMethods())
                    .anyMatch(method -> method.getName().equals(name)
                            && !method.isBridge()
                            && method.getDeclaringClass() != Callback.class);
            if (overrides) {
                found.add(callback);
            }
        }
        return found.toArray(Callback[]::new);
    }

    /** A hook off the hot path: callbacks, then module. */
    void call(Hook hook, Consumer<Callback> ofCallback, Runnable ofModule) {
        book.enter(hook);
        callbacks.forEach(ofCallback);
        ofModule.run();
    }

    /** A hook at the end of something: each callback and the module are called even if others fail. */
    void callAll(Hook hook, Consumer<Callback> ofCallback, Failures.Action ofModule) {
        book.enter(hook);
        List<Failures.Action> actions = new ArrayList<>();
        callbacks.forEach(callback -> actions.add(() -> ofCallback.accept(callback)));
        actions.add(ofModule);
        Failures.runAll(actions.toArray(Failures.Action[]::new));
    }

    /** A hook that only callbacks have. */
    void call(Hook hook, Consumer<Callback> ofCallback) {
        book.enter(hook);
        callbacks.forEach(ofCallback);
    }

    void trainBatchStart(Batch batch, int index) {
        book.enter(Hook.ON_TRAIN_BATCH_START);
        for (Callback callback : trainBatchStart) {
            callback.onTrainBatchStart(run, batch, index);
        }
        module.onTrainBatchStart(batch, index);
    }

    void trainBatchEnd(@Nullable NDArray loss, Batch batch, int index) {
        book.enter(Hook.ON_TRAIN_BATCH_END);
        for (Callback callback : trainBatchEnd) {
            callback.onTrainBatchEnd(run, loss, batch, index);
        }
        module.onTrainBatchEnd(loss, batch, index);
    }

    void beforeZeroGrad(Optimizer optimizer) {
        book.enter(Hook.ON_BEFORE_ZERO_GRAD);
        for (Callback callback : beforeZeroGrad) {
            callback.onBeforeZeroGrad(run, optimizer);
        }
        module.onBeforeZeroGrad(optimizer);
    }

    void beforeBackward(NDArray loss) {
        book.enter(Hook.ON_BEFORE_BACKWARD);
        for (Callback callback : beforeBackward) {
            callback.onBeforeBackward(run, loss);
        }
        module.onBeforeBackward(loss);
    }

    void afterBackward() {
        book.enter(Hook.ON_AFTER_BACKWARD);
        for (Callback callback : afterBackward) {
            callback.onAfterBackward(run);
        }
        module.onAfterBackward();
    }

    void beforeOptimizerStep(Optimizer optimizer) {
        book.enter(Hook.ON_BEFORE_OPTIMIZER_STEP);
        for (Callback callback : beforeOptimizerStep) {
            callback.onBeforeOptimizerStep(run, optimizer);
        }
        module.onBeforeOptimizerStep(optimizer);
    }

    void savePoint(SavePoint point) {
        book.enter(Hook.ON_SAVE_POINT);
        for (Callback callback : savePoint) {
            callback.onSavePoint(run, point);
        }
    }
}
