package io.github.lightning4j.checkpoint;

import ai.djl.nn.Block;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Hyperparameters;
import io.github.lightning4j.ModuleBlock;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * An open checkpoint file, checked to its last byte when it was opened. Tensors are read when they are asked for. Nothing
 * in a file is ever run, and no name in it makes a class be loaded.
 *
 * <pre>{@code
 * LitMnist trained = Checkpoint.load(file, LitMnist.Config.class, LitMnist::new);
 *
 * try (Checkpoint checkpoint = Checkpoint.open(file)) {
 *     checkpoint.restoreInto(module);
 * }
 * }</pre>
 */
public final class Checkpoint implements AutoCloseable {
    private final SafetensorsReader reader;
    private final StateTreeReader state;

    private Checkpoint(SafetensorsReader reader, Map<String, Object> values) {
        this.reader = reader;
        this.state = StateTreeReader.of(reader, "", values);
    }

    /**
     * Opens a checkpoint.
     *
     * @param file a file written by Lightning4j
     * @return the checkpoint, to be closed
     * @throws CheckpointException if the file is missing, damaged, from a newer version or not a checkpoint
     */
    public static Checkpoint open(Path file) {
        SafetensorsReader reader = SafetensorsReader.open(file);
        Map<String, Object> values = reader.state();
        if (values == null) {
            reader.close();
            throw new CheckpointException(
                    file + " is a safetensors file, but no checkpoint of Lightning4j. To take weights"
                            + " from it, use Checkpoint.openWeights.");
        }
        return new Checkpoint(reader, values);
    }

    /**
     * Opens weights alone, of Python's or ours; bfloat16 is widened to float32. What was not written by Lightning4j has no
     * checksums, so damage in its data goes unnoticed.
     *
     * @param path a safetensors file or a checkpoint; the {@code *.safetensors.index.json} of several files; or a folder that
     *     holds one of these
     * @return the weights, to be closed
     * @throws CheckpointException if there is none, one is damaged, or holds a dtype that cannot be read
     */
    public static WeightsFile openWeights(Path path) {
        return WeightsFile.open(path);
    }

    /**
     * Makes a module again: its hyperparameters are read into a record, the module is made from the record and gets the
     * saved weights.
     *
     * @param file the checkpoint
     * @param config the record; its components must be the saved hyperparameters
     * @param constructor makes the module
     * @param <C> the record's type
     * @param <M> the module's type
     * @return the module, ready for use
     * @throws CheckpointException if the file cannot be used or does not fit
     */
    public static <C extends Record, M extends Block> M load(
            Path file, Class<C> config, Function<? super C, ? extends M> constructor) {
        try (Checkpoint checkpoint = open(file)) {
            M module = constructor.apply(checkpoint.hyperparameters(config));
            try {
                checkpoint.restoreInto(module);
            } catch (RuntimeException | Error e) {
                if (module instanceof ModuleBlock closeable) {
                    closeable.close();
                }
                throw e;
            }
            return module;
        }
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path file() {
        return reader.file();
    }

    /**
     * Everything in the file.
     *
     * @return the state, readable until this is closed
     */
    public StateTreeReader state() {
        return state;
    }

    /**
     * What the checkpoint says about itself.
     *
     * @return epoch, step and hyperparameters
     * @throws CheckpointException for a file that was not written by a run
     */
    public CheckpointInfo info() {
        return CheckpointInfo.read(state);
    }

    /**
     * The epoch a run resumed from here is in.
     *
     * @return the number of finished epochs
     */
    public long epoch() {
        return info().epoch();
    }

    /**
     * The optimizer steps done.
     *
     * @return the global step
     */
    public long globalStep() {
        return info().globalStep();
    }

    /**
     * The module's hyperparameters.
     *
     * @return name and value: {@link Long}, {@link Double}, {@link Boolean}, {@link String}, {@link java.util.List} or
     *     {@link Map}
     */
    public Map<String, Object> hyperparameters() {
        return info().hyperparameters();
    }

    /**
     * The module's hyperparameters as a record.
     *
     * @param config the record's class; its components must be the saved hyperparameters
     * @param <C> the record
     * @return a new record
     * @throws CheckpointException naming the hyperparameter that is missing, left over or of another type
     */
    public <C extends Record> C hyperparameters(Class<C> config) {
        return Hyperparameters.read(config, hyperparameters(), file().toString());
    }

    /**
     * The data module's hyperparameters.
     *
     * @return name and value, as those of the module; empty if the run had no data module, or one without hyperparameters
     */
    public Map<String, Object> dataHyperparameters() {
        return info().dataHyperparameters();
    }

    /**
     * The data module's hyperparameters as a record.
     *
     * @param config the record's class; its components must be the saved hyperparameters
     * @param <C> the record
     * @return a new record
     * @throws CheckpointException naming the hyperparameter that is missing, left over or of another type
     */
    public <C extends Record> C dataHyperparameters(Class<C> config) {
        return Hyperparameters.read(config, dataHyperparameters(), file().toString());
    }

    /**
     * Overwrites all weights of a module in place. A module that is not initialised yet is initialised first.
     *
     * @param module the module, or any block
     * @throws CheckpointException naming everything that does not match; the weights are then as they were
     */
    public void restoreInto(Block module) {
        WeightsMatch match = match(module);
        match.requireExact();
        match.apply();
    }

    /**
     * Overwrites those weights of a module that match by name, dtype and shape, in place. What does not match is logged as
     * a warning.
     *
     * @param module the module, or any block
     * @return what matched and what did not
     * @throws CheckpointException if not a single weight matches
     */
    public WeightsMatch restoreMatchingInto(Block module) {
        return match(module).applyMatching();
    }

    private WeightsMatch match(Block module) {
        return Weights.match(module, state, state.child(Weights.MODEL));
    }

    /** Closes the file. */
    @Override
    public void close() {
        reader.close();
    }
}
