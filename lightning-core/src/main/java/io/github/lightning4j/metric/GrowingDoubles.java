package io.github.lightning4j.metric;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/** Numbers that become more. */
final class GrowingDoubles {
    private double[] values = new double[16];
    private int size;

    int size() {
        return size;
    }

    void addAll(double... more) {
        if (size + more.length > values.length) {
            values = Arrays.copyOf(values, Math.max(size + more.length, Math.multiplyExact(values.length, 2)));
        }
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
    }

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    double[] toArray() {
        return Arrays.copyOf(values, size);
    }

    void clear() {
        size = 0;
    }

    void save(StateWriter state, String key) {
        state.putDoubles(key, toArray());
    }

    void load(StateReader state, String key) {
        clear();
        addAll(state.getDoubles(key));
    }
}
