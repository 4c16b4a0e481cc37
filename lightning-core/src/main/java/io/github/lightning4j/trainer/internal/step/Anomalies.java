package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.AnomalyException;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.checkpoint.internal.SafetensorsWriter;
import io.github.lightning4j.internal.torch.NonFinite;
import io.github.lightning4j.trainer.internal.run.Position;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An optimization that ends with the first number that is not finite, and says in which batch that came up. */
public final class Anomalies implements Optimization {
    static final String FILE = "anomaly.safetensors";

    private final Optimization optimization;
    private final Position position;
    private final @Nullable Path directory;

    /**
     * Watches over an optimization.
     *
     * @param directory where the batch is written, or null
     */
    public Anomalies(Optimization optimization, Position position, @Nullable Path directory) {
        this.optimization = optimization;
        this.position = position;
        this.directory = directory;
    }

    static void requireFinite(String tensor, NDArray array) {
        NonFinite found = NonFinite.in(array);
        if (found != null) {
            throw new Found(tensor, found);
        }
    }

    static void requireFiniteGradients(LightningModule module) {
        new ParameterNames(module).parameters().forEach((name, parameter) -> {
            if (parameter.getArray().hasGradient()) {
                try (NDArray gradient = parameter.getArray().getGradient()) {
                    requireFinite("the gradient of " + name, gradient);
                }
            }
        });
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        try {
            requireFinite("data", batch.getData());
            requireFinite("labels", batch.getLabels());
            return optimization.trainingStep(batch, index, last);
        } catch (AnomalyException e) {
            throw located(e.tensor(), e.getMessage(), List.of(), batch, index);
        } catch (Found e) {
            throw located(e.tensor, e.tensor + " is " + e.found, e.samples, batch, index);
        }
    }

    private static void requireFinite(String what, NDList arrays) {
        for (int i = 0; i < arrays.size(); i++) {
            NonFinite found = NonFinite.in(arrays.get(i));
            if (found != null) {
                throw new Found(what + "." + i + " of the batch", found, found.rows());
            }
        }
    }

    private AnomalyException located(
            String tensor, @Nullable String what, List<Integer> samples, Batch batch, int index) {
        Path file = directory == null ? null : write(batch, directory.resolve(FILE));
        List<?> indices = batch.getIndices();
        String inData = samples.isEmpty() || indices == null || indices.isEmpty()
                ? ""
                : " (in the data " + samples.stream().map(indices::get).toList() + ")";
        return new AnomalyException(
                tensor,
                "detectAnomaly: " + what + ", in epoch " + position.epoch() + ", batch " + index
                        + (samples.isEmpty() ? "" : ", samples " + samples + inData) + ", after step "
                        + position.globalStep() + ". "
                        + (file == null
                                ? "The run writes no files, so the batch is not kept."
                                : "The batch is in " + file + "."),
                file);
    }

    private static Path write(Batch batch, Path file) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        put(arrays, "data", batch.getData());
        put(arrays, "labels", batch.getLabels());
        CheckpointFile.write(file, new SafetensorsWriter(Map.of(), arrays)::writeTo);
        return file;
    }

    private static void put(Map<String, NDArray> arrays, String kind, NDList list) {
        for (int i = 0; i < list.size(); i++) {
            arrays.put(kind + "." + i, list.get(i));
        }
    }

    @Override
    public void finishWindow() {
        optimization.finishWindow();
    }

    @Override
    public boolean stepped() {
        return optimization.stepped();
    }

    @Override
    public void epochDone() {
        optimization.epochDone();
    }

    @Override
    public void backward(NDArray loss, BackwardGraph graph) {
        optimization.backward(loss, graph);
    }

    /** On the way to where the batch is known. */
    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String tensor;
        private final transient NonFinite found;
        private final transient List<Integer> samples;

        Found(String tensor, NonFinite found) {
            this(tensor, found, List.of());
        }

        Found(String tensor, NonFinite found, List<Integer> samples) {
            this.tensor = tensor;
            this.found = found;
            this.samples = samples;
        }
    }
}
