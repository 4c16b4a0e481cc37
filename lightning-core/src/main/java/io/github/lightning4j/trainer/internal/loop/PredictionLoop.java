package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.HostCopies;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.hook.MissingLabels;
import io.github.lightning4j.trainer.internal.option.BatchLimits;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Predicts every batch and hands the outputs, copied to the CPU, to a manager of the caller's. */
public final class PredictionLoop {
    private final LightningModule module;
    private final Hooks hooks;
    private final Phases phases;
    private final Seeds seeds;
    private final List<BatchFeed> loaders;
    private final NDManager results;
    private final Interruption interruption;

    /** Creates the loop. */
    public PredictionLoop(RunParts parts, List<BatchSource> sources, BatchLimits limits, NDManager results) {
        this.module = parts.module();
        this.hooks = parts.hooks();
        this.phases = parts.phases();
        this.seeds = parts.seeds();
        this.interruption = parts.interruption();
        this.loaders = sources.stream()
                .map(source -> new BatchFeed(parts, source, Stage.PREDICT, limits))
                .toList();
        this.results = results;
    }

    /** Runs it. */
    public List<List<NDList>> run() {
        List<Long> limits = loaders.stream().map(BatchFeed::limit).toList();
        try (Phases.Phase phase = phases.evaluate(Stage.PREDICT, limits)) {
            hooks.on(Hook.ON_PREDICT_START).call();
            hooks.on(Hook.ON_PREDICT_EPOCH_START).call();
            List<List<NDList>> outputs = new ArrayList<>();
            for (int loader = 0; loader < loaders.size(); loader++) {
                outputs.add(predict(loader));
            }
            hooks.on(Hook.ON_PREDICT_EPOCH_END).call();
            hooks.on(Hook.ON_PREDICT_END).call();
            return outputs;
        }
    }

    private List<NDList> predict(int loader) {
        List<NDList> outputs = new ArrayList<>();
        try (BatchPass pass = loaders.get(loader).open(0, 0)) {
            for (int index = 0; pass.hasNext(); index++) {
                predict(pass.next(), index, loader, outputs);
                interruption.throwIfRequested(Stage.PREDICT);
            }
        } catch (PassInterrupted e) {
            interruption.threadInterrupted();
            interruption.throwIfRequested(Stage.PREDICT);
        }
        return outputs;
    }

    private void predict(Batch read, int index, int loader, List<NDList> outputs) {
        TorchClaim.seed(seeds.of(Seeds.Purpose.EVALUATION_STEP, loader, index));
        try (MemoryScope scope = MemoryScope.open();
                BatchTransfer.InHand inHand = loaders.get(loader).transfer().take(read, loader)) {
            Batch batch = inHand.batch();
            hooks.on(Hook.ON_PREDICT_BATCH_START).batch(batch, index, loader).call();
            NDList output = step(batch, index, loader);
            hooks.on(Hook.ON_PREDICT_BATCH_END)
                    .outputs(output)
                    .batch(batch, index, loader)
                    .call();
            if (!hooks.arePredictionsTaken()) {
                outputs.add(HostCopies.of(output, results));
            }
        }
    }

    private NDList step(Batch batch, int index, int loader) {
        try (Hooks.Call step = hooks.enter(Hook.PREDICT_STEP)) {
            return outputs(module.predictStep(batch, index, loader));
        } catch (RuntimeException e) {
            throw MissingLabels.explain(e, Hook.PREDICT_STEP, module, batch);
        }
    }

    private NDList outputs(@Nullable NDList given) {
        if (given == null || given.stream().anyMatch(Objects::isNull)) {
            throw new ConfigurationException("predictStep of " + ClassName.of(module) + " returned "
                    + (given == null ? "null" : "a null array")
                    + ". Return what was computed, or an empty NDList for nothing; as it stands, it is what forward"
                    + " returned.");
        }
        return given;
    }
}
