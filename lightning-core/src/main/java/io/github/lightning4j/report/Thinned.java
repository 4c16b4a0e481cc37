package io.github.lightning4j.report;

import java.util.List;
import java.util.TreeSet;

/** Points of a curve that is known as a whole: the lowest and the highest of neighbouring ones, the first and the last. */
final class Thinned {
    private Thinned() {}

    static Iterable<Integer> indices(List<Double> values, int most) {
        TreeSet<Integer> kept = new TreeSet<>();
        int size = values.size();
        int width = Math.max(1, (2 * size + most - 1) / most);
        for (int from = 0; from < size; from += width) {
            int low = from;
            int high = from;
            for (int i = from; i < Math.min(size, from + width); i++) {
                low = values.get(i) < values.get(low) ? i : low;
                high = values.get(i) > values.get(high) ? i : high;
            }
            kept.add(low);
            kept.add(high);
        }
        if (size > 0) {
            kept.add(0);
            kept.add(size - 1);
        }
        return kept;
    }
}
