package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Metric;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.option.BatchLimits;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A few validation batches before training; leaves no trace in randomness, buffers, metrics or logs. */
final class SanityCheck {
    private final EvaluationLoop loop;
    private final LightningModule module;
    private final NDManager manager;
    private final LogBook book;
    private final Hooks hooks;

    SanityCheck(RunParts parts, List<BatchSource> sources, BatchLimits limits) {
        boolean off =
                limits.numSanityValSteps() == 0 || limits.limitValBatches().isNone();
        this.loop = new EvaluationLoop(parts, Stage.SANITY_CHECK, off ? List.of() : sources, limits);
        this.module = parts.module();
        this.manager = parts.manager();
        this.book = parts.book();
        this.hooks = parts.hooks();
    }

    void run() {
        if (loop.isEmpty()) {
            return;
        }
        Map<Parameter, NDArray> buffers = copyBuffers();
        try {
            hooks.on(Hook.ON_SANITY_CHECK_START).call();
            loop.runUninterrupted();
            hooks.on(Hook.ON_SANITY_CHECK_END).call();
        } finally {
            book.clear();
            module.metrics().values().forEach(Metric::reset);
            buffers.forEach((parameter, saved) -> parameter.getArray().set(new NDIndex("..."), saved));
            buffers.values().forEach(NDArray::close);
        }
    }

    private Map<Parameter, NDArray> copyBuffers() {
        Map<Parameter, NDArray> copies = new IdentityHashMap<>();
        for (Parameter parameter : module.buffers().values()) {
            NDArray copy = MemoryScope.release(parameter.getArray().duplicate());
            copy.attach(manager);
            copies.put(parameter, copy);
        }
        return copies;
    }
}
