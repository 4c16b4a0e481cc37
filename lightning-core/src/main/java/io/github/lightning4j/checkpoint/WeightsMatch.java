package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How saved weights and those of a block fit together, found out before anything is changed. */
public final class WeightsMatch {
    private final String source;
    private final StateTreeReader model;
    private final Map<String, NDArray> matching = new TreeMap<>();
    private final Map<String, String> savedNames = new HashMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> different = new ArrayList<>();

    private WeightsMatch(StateTreeReader model) {
        this.model = model;
        this.source = model.description();
    }

    static WeightsMatch of(Block block, StateTreeReader model) {
        WeightsMatch match = new WeightsMatch(model);
        TreeSet<String> left = new TreeSet<>(model.tensorNames());
        ParameterNames names = new ParameterNames(block);
        names.parameters().forEach((name, parameter) -> {
            String saved = left.contains(name) ? name : names.earlier(parameter);
            match.compare(name, parameter.getArray(), left.remove(saved) ? saved : null);
        });
        for (String name : left) {
            match.unexpected.add(name + " " + describe(model.tensor(name)));
        }
        return match;
    }

    private void compare(String name, NDArray array, @Nullable String saved) {
        String here = array.getDataType() + " " + array.getShape();
        if (saved == null) {
            missing.add(name + " " + here);
            return;
        }
        savedNames.put(name, saved);
        String there = describe(model.tensor(saved));
        if (here.equals(there)) {
            matching.put(name, array);
        } else {
            different.add(name + ": saved " + there + ", here " + here);
        }
    }

    private static String describe(TensorEntry tensor) {
        return tensor.type().dataType() + " " + tensor.shape();
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
            throw new CheckpointException(
                    "The weights in " + source + " do not fit. " + this
                            + " Build the module as it was when it was saved, or take those that fit with restoreMatchingInto.");
        }
    }

    void apply() {
        matching.forEach((name, array) -> model.readTensor(savedNames.getOrDefault(name, name), array));
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
