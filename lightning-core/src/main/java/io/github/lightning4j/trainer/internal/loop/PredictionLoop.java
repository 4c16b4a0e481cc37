package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.ArrayList;
import java.util.List;

/** Predicts every batch and hands the outputs, copied to the CPU, to a manager of the caller's. */
final class PredictionLoop {
    private final RunSession session;
    private final LightningModule module;

    /**
     * Creates the loop.
     *
     * @param session the run
     */
    PredictionLoop(RunSession session) {
        this.session = session;
        this.module = session.module();
    }

    /**
     * Runs it.
     *
     * @param sources the loaders
     * @param results owns the outputs; a CPU manager
     * @return one list of batches a loader
     */
    List<List<NDList>> run(List<BatchSource> sources, NDManager results) {
        List<Long> limits = new ArrayList<>();
        for (BatchSource source : sources) {
            limits.add(session.options().limitPredict().apply(source.batchCount(), "limitPredictBatches"));
        }
        Hooks hooks = session.hooks();
        Stage previous = session.enter(Stage.PREDICT, limits);
        try (GradMode off = GradMode.off();
                CallContext context = session.context(false)) {
            hooks.call(Hook.PREDICT, callback -> callback.onPredictStart(session), module::onPredictStart);
            List<List<NDList>> outputs = new ArrayList<>();
            for (int loader = 0; loader < sources.size(); loader++) {
                outputs.add(runLoader(sources.get(loader), limits.get(loader), loader, results));
            }
            hooks.call(Hook.PREDICT, callback -> callback.onPredictEnd(session), module::onPredictEnd);
            return outputs;
        } finally {
            session.leave(previous);
        }
    }

    private List<NDList> runLoader(BatchSource source, long limit, int loader, NDManager results) {
        List<NDList> outputs = new ArrayList<>();
        try (BatchPass pass = new BatchPass(source, session.manager(), session.seeds(), 0, limit, 0)) {
            while (pass.hasNext()) {
                outputs.add(predict(pass.next(), outputs.size(), loader, results));
            }
        }
        return outputs;
    }

    private NDList predict(Batch batch, int index, int loader, NDManager results) {
        session.seedTorch(session.seeds().of(Seeds.Purpose.EVALUATION_STEP, loader, index));
        try (batch;
                MemoryScope scope = MemoryScope.open()) {
            session.hooks()
                    .call(
                            Hook.PREDICT,
                            callback -> callback.onPredictBatchStart(session, batch, index, loader),
                            () -> module.onPredictBatchStart(batch, index, loader));
            NDList output = module.predictStep(batch, index, loader);
            session.hooks()
                    .call(
                            Hook.PREDICT,
                            callback -> callback.onPredictBatchEnd(session, output, batch, index, loader),
                            () -> module.onPredictBatchEnd(output, batch, index, loader));
            return copy(output, results);
        }
    }

    private static NDList copy(NDList output, NDManager results) {
        NDList copies = new NDList(output.size());
        for (NDArray array : output) {
            NDArray copy = MemoryScope.release(array.toDevice(Device.cpu(), true));
            copy.attach(results);
            copy.setName(array.getName());
            copies.add(copy);
        }
        return copies;
    }
}
