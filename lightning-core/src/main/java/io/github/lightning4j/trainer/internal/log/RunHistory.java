package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics known at the end of each epoch. */
public final class RunHistory implements Stateful {
    private final List<Map<String, Double>> epochs = new ArrayList<>();

    /** Adds an epoch. */
    public void add(Map<String, Double> metrics) {
        epochs.add(Collections.unmodifiableMap(new LinkedHashMap<>(metrics)));
    }

    /** The metrics, one map an epoch. */
    public List<Map<String, Double>> epochs() {
        return List.copyOf(epochs);
    }

    @Override
    public void save(StateWriter state) {
        for (int i = 0; i < epochs.size(); i++) {
            LogBook.saveValues(state.child(Integer.toString(i)), epochs.get(i));
        }
    }

    @Override
    public void load(StateReader state) {
        epochs.clear();
        for (int i = 0; state.has(Integer.toString(i)); i++) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            LogBook.loadValues(state.child(Integer.toString(i)), metrics);
            add(metrics);
        }
    }
}
