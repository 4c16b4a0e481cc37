package io.github.lightning4j.search;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The values one hyperparameter may take. */
interface Dimension {
    /** One of them at random: a {@link Double}, an {@link Integer} or one of the values of a choice. */
    Object draw(RandomGenerator random);

    /** So many of them, evenly spread from the first to the last; all of a choice. */
    List<Object> grid(int points);

    /** Real numbers, evenly distributed, or their logarithms. */
    record Reals(double low, double high, boolean logarithmic) implements Dimension {
        @Override
        public Object draw(RandomGenerator random) {
            return at(random.nextDouble());
        }

        private double at(double share) {
            if (share == 0 || share == 1) {
                return share == 0 ? low : high;
            }
            double value = logarithmic
                    ? StrictMath.exp(StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)))
                    : low + share * (high - low);
            return Math.min(high, Math.max(low, value));
        }

        @Override
        public List<Object> grid(int points) {
            List<Object> grid = new ArrayList<>();
            for (int i = 0; i < points; i++) {
                grid.add(points == 1 ? at(0.5) : at((double) i / (points - 1)));
            }
            return grid;
        }

        @Override
        public String toString() {
            return (logarithmic ? "logUniform " : "uniform ") + low + " to " + high;
        }
    }

    /** Whole numbers, both ends included. */
    record Wholes(int low, int high) implements Dimension {
        @Override
        public Object draw(RandomGenerator random) {
            return (int) (low + (long) (random.nextDouble() * ((long) high - low + 1)));
        }

        @Override
        public List<Object> grid(int points) {
            return new Reals(low, high, false)
                    .grid(points).stream()
                            .<Object>map(value -> (int) Math.rint((double) value))
                            .distinct()
                            .toList();
        }

        @Override
        public String toString() {
            return "intRange " + low + " to " + high;
        }
    }

    /** Some values. */
    record Choice(List<Object> values) implements Dimension {
        @Override
        public Object draw(RandomGenerator random) {
            return values.get(random.nextInt(values.size()));
        }

        @Override
        public List<Object> grid(int points) {
            return values;
        }

        @Override
        public String toString() {
            return "choice of " + values;
        }
    }
}
