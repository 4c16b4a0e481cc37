package io.github.lightning4j.search;

import io.github.lightning4j.ConfigurationException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One value of each hyperparameter of a {@link Space}. */
public final class Point {
    private final Map<String, Object> values;

    Point(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * All values.
     *
     * @return name and value, in the order of the space: a {@link Double}, an {@link Integer}, or what a choice was given
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * A number.
     *
     * @param name the hyperparameter
     * @return its value
     * @throws ConfigurationException if there is none of that name, or it is no number
     */
    public double number(String name) {
        return get(name, Number.class).doubleValue();
    }

    /**
     * A whole number.
     *
     * @param name the hyperparameter
     * @return its value
     * @throws ConfigurationException if there is none of that name, or it is no whole number
     */
    public int whole(String name) {
        return get(name, Integer.class);
    }

    /**
     * A value of a choice.
     *
     * @param name the hyperparameter
     * @param type its type
     * @param <T> its type
     * @return its value
     * @throws ConfigurationException if there is none of that name, or it is of another type
     */
    public <T> T get(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new ConfigurationException("The space has "
                    + (value == null
                            ? "no '" + name + "'; it has " + values.keySet()
                            : value + " as '" + name + "', which is no " + type.getSimpleName())
                    + ".");
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
