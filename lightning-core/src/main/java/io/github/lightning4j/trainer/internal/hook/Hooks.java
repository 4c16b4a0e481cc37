package io.github.lightning4j.trainer.internal.hook;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.Overrides;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.trainer.internal.run.Failures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls the hooks of a run: callbacks in their order, then the module. Which callbacks override a hook is found once, so
 * that one nobody overrides costs nothing. What is made in a hook is freed when it is left; hooks within a batch leave that to
 * the batch.
 *
 * <pre>{@code
 * hooks.on(Hook.ON_TRAIN_BATCH_START).batch(batch, index).call();
 * try (Hooks.Call step = hooks.enter(Hook.TRAINING_STEP)) { ... }
 * }</pre>
 */
public final class Hooks {
    private final LightningModule module;
    private final HookWatcher watcher;
    private final Map<Hook, Callback[]> overriding = new EnumMap<>(Hook.class);
    private final List<Call> calls = new ArrayList<>();
    private @Nullable Run run;
    private int depth;

    /** Creates the hooks of a run. */
    public Hooks(LightningModule module, List<Callback> callbacks, HookWatcher watcher) {
        this.module = module;
        this.watcher = watcher;
        for (Hook hook : Hook.values()) {
            overriding.put(hook, overriding(hook, callbacks));
        }
    }

    /** Says what callbacks see of the run, before the first hook is called. */
    public void showing(Run view) {
        run = view;
    }

    private static Callback[] overriding(Hook hook, List<Callback> callbacks) {
        return callbacks.stream()
                .filter(callback -> hook.isForCallbacks() && Overrides.of(Callback.class, callback, hook.label()))
                .toArray(Callback[]::new);
    }

    /** Prepares the call of a hook: give it what it needs, then {@link Call#call}. */
    public Call on(Hook hook) {
        if (depth == calls.size()) {
            calls.add(new Call());
        }
        Call call = calls.get(depth);
        call.hook = hook;
        return call;
    }

    /** Enters a hook whose method the caller calls itself. */
    public Call enter(Hook hook) {
        Call call = on(hook);
        call.enter();
        return call;
    }

    /** One hook being called. Calls nest, and each depth has one object that is used again. */
    public final class Call extends HookArgs implements AutoCloseable {
        private Hook hook = Hook.NONE;
        private @Nullable MemoryScope scope;

        private Call() {}

        /** Gives a stage. */
        public Call stage(Stage value) {
            stage = value;
            return this;
        }

        /** Gives a batch. */
        public Call batch(Batch value, int batchIndex) {
            batch = value;
            index = batchIndex;
            return this;
        }

        /** Gives a batch of one of several loaders. */
        public Call batch(Batch value, int batchIndex, int loaderIndex) {
            loader = loaderIndex;
            return batch(value, batchIndex);
        }

        /** Gives a loss. */
        public Call loss(@Nullable NDArray value) {
            loss = value;
            return this;
        }

        /** Gives predictions. */
        public Call outputs(NDList value) {
            outputs = value;
            return this;
        }

        /** Gives an optimizer. */
        public Call optimizer(Optimizer value) {
            optimizer = value;
            return this;
        }

        /** Gives a save point. */
        public Call point(SavePoint value) {
            point = value;
            return this;
        }

        /** Gives an exception. */
        public Call failure(Throwable value) {
            failure = value;
            return this;
        }

        /** Calls the callbacks, then the module. */
        public void call() {
            enter();
            try {
                tellCallbacks();
                tellModule();
            } finally {
                close();
            }
        }

        /** Calls the callbacks alone. */
        public void callCallbacks() {
            enter();
            try {
                tellCallbacks();
            } finally {
                close();
            }
        }

        /** Calls the module alone. */
        public void callModule() {
            enter();
            try {
                tellModule();
            } finally {
                close();
            }
        }

        /** Calls each callback and the module even if others fail, as at the end of something. */
        public void callAll() {
            enter();
            Failures failures = new Failures();
            for (Callback callback : overriding(hook)) {
                failures.attempt(() -> tell(callback));
            }
            failures.attempt(this::tellModule);
            failures.attempt(this::close);
            failures.throwFirst();
        }

        private void enter() {
            if (depth == 0 && !hook.isWithinBatch()) {
                scope = MemoryScope.open();
            }
            depth++;
            watcher.inside(hook);
        }

        private void tellCallbacks() {
            for (Callback callback : overriding(hook)) {
                tell(callback);
            }
        }

        private void tell(Callback callback) {
            hook.ofCallback().call(callback, Objects.requireNonNull(run), this);
        }

        private void tellModule() {
            try {
                hook.ofModule().call(module, this);
            } catch (RuntimeException e) {
                throw MissingLabels.explain(e, hook, module, batch);
            } catch (Exception e) {
                throw Failures.unchecked(e, hook.label() + " of " + ClassName.of(module) + " failed");
            }
        }

        /** Leaves the hook; the one around it runs again. */
        @Override
        public void close() {
            forget();
            depth--;
            watcher.inside(depth == 0 ? Hook.NONE : calls.get(depth - 1).hook);
            if (scope != null) {
                free(scope);
                scope = null;
            }
        }

        private void free(MemoryScope made) {
            if (hook.makesParts()) {
                made.spareArraysOfOthers(module.getParameters().values());
            }
            made.close();
        }
    }

    private Callback[] overriding(Hook hook) {
        return Objects.requireNonNull(overriding.get(hook));
    }
}
