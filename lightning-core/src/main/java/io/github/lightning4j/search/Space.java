package io.github.lightning4j.search;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Hyperparameters;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.random.SplitMix64;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The configurations that a search may try.
 *
 * <pre>{@code
 * Space<LitMnist.Config> space = Space.builder()
 *         .logUniform("lr", 1e-4, 1e-1)
 *         .intRange("hidden", 16, 256)
 *         .choice("activation", Activation.values())
 *         .build(new LitMnist.Config(1e-3, 64, Activation.RELU));
 * }</pre>
 *
 * @param <C> a configuration, usually the record that the module is made of
 */
public final class Space<C> {
    private final Map<String, Dimension> dimensions;
    private final Function<Point, C> maker;

    private Space(Map<String, Dimension> dimensions, Function<Point, C> maker) {
        this.dimensions = new LinkedHashMap<>(dimensions);
        this.maker = maker;
    }

    /**
     * Starts a space.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    C config(Point point) {
        return Require.given(maker.apply(point), "the configuration of " + point);
    }

    /** The point of one trial, which depends on nothing but the seed, the trial and the space. */
    Point draw(Seeds seeds, int trial) {
        Map<String, Object> values = new LinkedHashMap<>();
        dimensions.forEach((name, dimension) -> {
            long seed = seeds.of(Seeds.Purpose.TRIAL, trial, values.size() + 1L);
            values.put(name, dimension.draw(new SplitMix64(seed)));
        });
        return new Point(values);
    }

    /** Every combination; the last hyperparameter changes fastest. */
    List<Point> grid(int points) {
        List<Map<String, Object>> all = List.of(Map.of());
        for (Map.Entry<String, Dimension> dimension : dimensions.entrySet()) {
            List<Map<String, Object>> longer = new ArrayList<>();
            for (Map<String, Object> begun : all) {
                for (Object value : dimension.getValue().grid(points)) {
                    Map<String, Object> one = new LinkedHashMap<>(begun);
                    one.put(dimension.getKey(), value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all.stream().map(Point::new).toList();
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }

    /** The hyperparameters of a space, made by {@link Space#builder}. */
    public static final class Builder {
        private final Map<String, Dimension> dimensions = new LinkedHashMap<>();

        private Builder() {}

        /**
         * A real number, every value as likely.
         *
         * @param name the hyperparameter
         * @param low the least value
         * @param high the greatest value, above {@code low}
         * @return this
         * @throws ConfigurationException if the name is taken or the range empty
         */
        public Builder uniform(String name, double low, double high) {
            return reals(name, Require.finite(low, name), high, false);
        }

        /**
         * A real number whose logarithm has every value as likely, as learning rates want it.
         *
         * @param name the hyperparameter
         * @param low the least value, above 0
         * @param high the greatest value, above {@code low}
         * @return this
         * @throws ConfigurationException if the name is taken or the range empty
         */
        public Builder logUniform(String name, double low, double high) {
            return reals(name, Require.finitePositive(low, name), high, true);
        }

        private Builder reals(String name, double low, double high, boolean logarithmic) {
            Require.finite(high, name);
            Require.that(low < high, "the least " + name, low, "below the greatest, which is " + high, "");
            return add(name, new Dimension.Reals(low, high, logarithmic));
        }

        /**
         * A whole number, every value as likely.
         *
         * @param name the hyperparameter
         * @param low the least value
         * @param high the greatest value, itself included; at least {@code low}
         * @return this
         * @throws ConfigurationException if the name is taken or the range empty
         */
        public Builder intRange(String name, int low, int high) {
            Require.that(low <= high, "the least " + name, low, "at most the greatest, which is " + high, "");
            return add(name, new Dimension.Wholes(low, high));
        }

        /**
         * One of some values, each as likely.
         *
         * @param name the hyperparameter
         * @param values numbers, texts, booleans, the values of an enum, or with {@link #buildWith} anything
         * @return this
         * @throws ConfigurationException if the name is taken, or no value is given
         */
        public Builder choice(String name, Object... values) {
            List<Object> given = Require.allGiven(values, "the choice of " + name);
            Require.that(!given.isEmpty(), "the choice of " + name, given, "one value or more", "");
            return add(name, new Dimension.Choice(given));
        }

        private Builder add(String name, Dimension dimension) {
            Require.name(name, "the name of a hyperparameter");
            if (dimensions.putIfAbsent(name, dimension) != null) {
                throw new ConfigurationException(
                        "The space has a '" + name + "' already; it has " + dimensions.keySet() + ".");
            }
            return this;
        }

        /**
         * Builds a space of records: its hyperparameters are components of the record.
         *
         * @param base has the values of all other components
         * @param <C> the record
         * @return the space
         * @throws ConfigurationException if the record has no component of a name, one of another type, or refuses a value
         */
        public <C extends Record> Space<C> build(C base) {
            Require.given(base, "the record of a space");
            Space<C> space = buildWith(point -> record(base, point));
            space.grid(2).forEach(space::config);
            return space;
        }

        @SuppressWarnings("unchecked")
        private static <C extends Record> C record(C base, Point point) {
            Map<String, Object> values = new LinkedHashMap<>(Hyperparameters.of(base));
            for (String name : point.values().keySet()) {
                if (!values.containsKey(name)) {
                    throw new ConfigurationException("The space has '" + name + "', which is no component of "
                            + base.getClass().getName() + "; it has " + values.keySet() + ".");
                }
            }
            values.putAll(point.values());
            try {
                return (C) Hyperparameters.read(
                        base.getClass(), Hyperparameters.plain(Hyperparameters.of(values)), "the space");
            } catch (CheckpointException e) {
                throw new ConfigurationException(
                        "The space does not fit " + base.getClass().getName() + ". " + e.getMessage(), e);
            }
        }

        /**
         * Builds a space of anything.
         *
         * @param maker makes a configuration of a point
         * @param <C> the configuration
         * @return the space
         */
        public <C> Space<C> buildWith(Function<Point, C> maker) {
            if (dimensions.isEmpty()) {
                throw new ConfigurationException(
                        "The space has no hyperparameter. Add one, such as logUniform(\"lr\", 1e-4, 1e-1).");
            }
            return new Space<>(dimensions, Require.given(maker, "what makes configurations of points"));
        }
    }
}
