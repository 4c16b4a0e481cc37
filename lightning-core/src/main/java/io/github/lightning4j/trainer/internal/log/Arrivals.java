package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many values have come under each name, by which one who waits for the next tells it from the last. */
final class Arrivals implements Stateful {
    private final Map<String, Long> counts = new LinkedHashMap<>();

    void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    void clear() {
        counts.clear();
    }

    @Override
    public void save(StateWriter state) {
        state.putStrings("names", List.copyOf(counts.keySet()));
        state.putLongs(
                "counts", counts.values().stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public void load(StateReader state) {
        List<String> names = state.getStrings("names");
        long[] saved = state.getLongs("counts");
        for (int i = 0; i < names.size(); i++) {
            counts.put(names.get(i), saved[i]);
        }
    }
}
