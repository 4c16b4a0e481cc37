package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.internal.SavedTensor;
import io.github.lightning4j.checkpoint.internal.SavedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How saved weights and those of a block fit together, found out before anything is changed. */
public final class WeightsMatch {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsMatch.class);

    /** torch's batch norms count their batches, which is needed for cumulative means alone; DJL's have no such count. */
    private static final String BATCH_COUNT = "num_batches_tracked";

    private final SavedWeights saved;
    private final Map<String, Fit> matching = new TreeMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> different = new ArrayList<>();

    private record Fit(SavedTensor tensor, NDArray array) {}

    private WeightsMatch(SavedWeights saved) {
        this.saved = saved;
    }

    static WeightsMatch of(Block block, SavedWeights saved) {
        WeightsMatch match = new WeightsMatch(saved);
        Map<String, SavedTensor> left = new TreeMap<>(saved.tensors());
        ParameterNames names = new ParameterNames(block);
        names.parameters().forEach((name, parameter) -> {
            SavedTensor tensor = left.remove(name);
            SavedTensor found = tensor == null ? left.remove(names.earlier(parameter)) : tensor;
            found = found == null ? ofFurtherName(parameter, names, left) : found;
            match.compare(name, parameter.getArray(), found);
        });
        names.further().keySet().forEach(left::remove);
        left.keySet().removeIf(name -> name.endsWith(BATCH_COUNT));
        left.forEach((name, tensor) -> match.unexpected.add(name + " " + describe(tensor)));
        return match;
    }

    /** What is tied may have been saved under any of its names. */
    private static @Nullable SavedTensor ofFurtherName(
            Parameter parameter, ParameterNames names, Map<String, SavedTensor> saved) {
        for (Map.Entry<String, Parameter> further : names.further().entrySet()) {
            SavedTensor tensor = further.getValue() == parameter ? saved.get(further.getKey()) : null;
            if (tensor != null) {
                return tensor;
            }
        }
        return null;
    }

    private void compare(String name, NDArray array, @Nullable SavedTensor tensor) {
        String here = array.getDataType() + " " + array.getShape();
        if (tensor == null) {
            missing.add(name + " " + here);
            return;
        }
        String there = describe(tensor);
        if (here.equals(there)) {
            matching.put(name, new Fit(tensor, array));
        } else {
            different.add(name + ": saved " + there + ", here " + here);
        }
    }

    static String describe(SavedTensor tensor) {
        return tensor.stored().type().dataType() + " " + tensor.shape();
    }

    /**
     * The weights that fit.
     *
     * @return their names, sorted
     */
    public List<String> matching() {
        return List.copyOf(matching.keySet());
    }

    /**
     * Weights of the block that were not saved.
     *
     * @return name, dtype and shape
     */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /**
     * Saved weights that the block does not have.
     *
     * @return name, dtype and shape
     */
    public List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    /**
     * Weights whose dtype or shape differs.
     *
     * @return name, what was saved and what is here
     */
    public List<String> different() {
        return List.copyOf(different);
    }

    /**
     * Whether everything fits.
     *
     * @return true if nothing is missing, unexpected or different
     */
    public boolean isExact() {
        return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
    }

    void requireExact() {
        if (!isExact()) {
            throw misfit(", or take what fits with restoreMatchingInto");
        }
    }

    private CheckpointException misfit(String further) {
        return new CheckpointException("The weights in " + saved.description() + " do not fit. " + this
                + " Build the module as it was when it was saved, rename weights with Names" + further + ".");
    }

    void apply() {
        matching.values().forEach(fit -> saved.copyTo(fit.tensor, fit.array));
    }

    /** Takes what fits, and says what did not. */
    WeightsMatch applyMatching() {
        if (matching.isEmpty() && !isExact()) {
            throw misfit("");
        }
        if (!isExact()) {
            LOG.warn("{} weights were taken from {}. {}", matching.size(), saved.description(), this);
        }
        apply();
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "Missing in the file", missing);
        append(text, "Only in the file", unexpected);
        append(text, "Different", different);
        return text.isEmpty()
                ? "All " + matching.size() + " weights fit."
                : text.toString().trim();
    }

    private static void append(StringBuilder text, String title, List<String> items) {
        if (!items.isEmpty()) {
            text.append(title).append(": ").append(String.join("; ", items)).append(". ");
        }
    }
}
