package io.github.lightning4j.checkpoint;

import ai.djl.nn.Block;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.checkpoint.internal.SavedTensor;
import io.github.lightning4j.checkpoint.internal.SavedWeights;
import io.github.lightning4j.checkpoint.internal.ShardedTensors;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import io.github.lightning4j.checkpoint.internal.TensorSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Weights alone, from wherever they come: a safetensors file of Python's or of ours, a folder of them with an index, or an
 * ONNX model by way of {@code OnnxWeights}. Nothing in a file is ever run.
 *
 * <pre>{@code
 * try (WeightsFile weights = Checkpoint.openWeights(Path.of("model.safetensors"))) {
 *     weights.restoreInto(module, Names.prefix("bert.", "encoder."));
 * }
 * }</pre>
 */
public final class WeightsFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsFile.class);
    private static final String MODEL = Weights.MODEL + "/";

    private final TensorSource source;
    private final List<SavedTensor> tensors;
    private final Runnable closer;
    private final StateTreeReader root;

    private WeightsFile(
            TensorSource source, Collection<SavedTensor> tensors, Runnable closer, Map<String, Object> values) {
        this.source = source;
        this.root = StateTreeReader.of(source, "", values);
        this.tensors = List.copyOf(tensors);
        this.closer = closer;
    }

    static WeightsFile open(Path path) {
        Path file = Files.isDirectory(path) ? ShardedTensors.inFolder(path) : path;
        WeightsFile weights = ShardedTensors.isIndex(file) ? sharded(file) : single(file);
        weights.reportWidened();
        return weights;
    }

    private static WeightsFile sharded(Path index) {
        ShardedTensors shards = ShardedTensors.open(index);
        return new WeightsFile(shards, asStored(shards.tensors().values()), shards::close, Map.of());
    }

    private static WeightsFile single(Path file) {
        SafetensorsReader reader = SafetensorsReader.open(file);
        boolean checkpoint = reader.tensors().keySet().stream().anyMatch(name -> name.startsWith(MODEL));
        List<SavedTensor> tensors = asStored(reader.tensors().values());
        Map<String, Object> values = reader.state();
        return new WeightsFile(
                reader, checkpoint ? model(tensors) : tensors, reader::close, values == null ? Map.of() : values);
    }

    private static List<SavedTensor> asStored(Collection<TensorEntry> entries) {
        return entries.stream().map(SavedTensor::asStored).toList();
    }

    private static List<SavedTensor> model(List<SavedTensor> all) {
        return all.stream()
                .filter(tensor -> tensor.name().startsWith(MODEL))
                .map(tensor -> tensor.named(tensor.name().substring(MODEL.length())))
                .toList();
    }

    /**
     * Weights of another kind of file.
     *
     * @param source holds the tensors
     * @param tensors those that are weights, under the names they go by
     * @param closer closes the source
     * @return the weights
     */
    public static WeightsFile of(TensorSource source, Collection<SavedTensor> tensors, Runnable closer) {
        return new WeightsFile(source, tensors, closer, Map.of());
    }

    private void reportWidened() {
        long widened = tensors.stream()
                .filter(tensor -> tensor.stored().type().isWidened())
                .count();
        if (widened > 0) {
            LOG.info("{} tensors of {} are bfloat16 and are widened to float32", widened, source.description());
        }
    }

    /**
     * What there is.
     *
     * @param names renames first
     * @return name, and dtype and shape as in {@code float32 (10, 84)}; sorted by name
     * @throws CheckpointException if two weights get the same name
     */
    public Map<String, String> tensors(Names... names) {
        Map<String, String> described = new TreeMap<>();
        renamed(names).tensors().forEach((name, tensor) -> described.put(name, WeightsMatch.describe(tensor)));
        return described;
    }

    /**
     * Overwrites all weights of a module in place.
     *
     * @param module a module, or any block; initialised, unless the file is a checkpoint, which knows the input shapes
     * @param names renames first, in this order
     * @return what matched
     * @throws CheckpointException naming everything that does not match; the weights are then as they were
     */
    public WeightsMatch restoreInto(Block module, Names... names) {
        WeightsMatch match = match(module, names);
        match.requireExact();
        match.apply();
        return match;
    }

    /**
     * Overwrites those weights of a module that match by name, dtype and shape, in place. What does not match is logged as
     * a warning.
     *
     * @param module a module, or any block; initialised, unless the file is a checkpoint, which knows the input shapes
     * @param names renames first, in this order
     * @return what matched and what did not, and why
     * @throws CheckpointException if not a single weight matches
     */
    public WeightsMatch restoreMatchingInto(Block module, Names... names) {
        return match(module, names).applyMatching();
    }

    /**
     * Compares, and changes nothing.
     *
     * @param module a module, or any block; initialised, unless the file is a checkpoint, which knows the input shapes
     * @param names renames first, in this order
     * @return what matches and what does not, and why
     * @throws CheckpointException if two weights get the same name
     */
    public WeightsMatch match(Block module, Names... names) {
        Weights.initialize(module, root, root.has(Weights.MODEL) ? root.child(Weights.MODEL) : root);
        return WeightsMatch.of(module, renamed(names));
    }

    private SavedWeights renamed(Names... names) {
        Map<String, SavedTensor> renamed = new TreeMap<>();
        for (SavedTensor tensor : tensors) {
            SavedTensor here = rename(tensor, names);
            SavedTensor other = here == null ? null : renamed.putIfAbsent(here.name(), here);
            if (other != null) {
                throw new CheckpointException("'" + other.stored().name() + "' and '"
                        + tensor.stored().name() + "' of "
                        + source.description() + " would both be named '" + other.name()
                        + "'. Narrow the names, or leave one out with Names.skip.");
            }
        }
        return new SavedWeights(source.description(), renamed, source::copyTo);
    }

    private static @Nullable SavedTensor rename(SavedTensor tensor, Names... names) {
        SavedTensor here = tensor;
        for (Names rule : names) {
            here = here == null ? null : rule.apply(here);
        }
        return here;
    }

    /** Closes the file. */
    @Override
    public void close() {
        closer.run();
    }
}
