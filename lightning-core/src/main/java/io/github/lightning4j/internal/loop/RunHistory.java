package io.github.lightning4j.internal.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics known at the end of each epoch. */
public final class RunHistory {
    private final List<Map<String, Double>> epochs = new ArrayList<>();

    void add(Map<String, Double> metrics) {
        epochs.add(Collections.unmodifiableMap(new LinkedHashMap<>(metrics)));
    }

    void replace(List<Map<String, Double>> saved) {
        epochs.clear();
        saved.forEach(this::add);
    }

    /**
     * The metrics, one map an epoch.
     *
     * @return a snapshot
     */
    public List<Map<String, Double>> epochs() {
        return List.copyOf(epochs);
    }
}
