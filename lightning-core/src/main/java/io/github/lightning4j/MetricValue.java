package io.github.lightning4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Metric} computes: one number, a number for each of several names, a matrix, or curves. Values are
 * immutable and equal where their numbers are, NaN included.
 */
public sealed interface MetricValue {
    /**
     * One number.
     *
     * @param value the number
     */
    record Scalar(double value) implements MetricValue {}

    /**
     * A number for each name, such as the recall of each class.
     *
     * @param names the names, as many as values
     * @param values the numbers
     */
    record Vector(List<String> names, List<Double> values) implements MetricValue {
        /**
         * Copies what it is given.
         *
         * @param names the names, as many as values
         * @param values the numbers
         */
        public Vector {
            names = List.copyOf(names);
            values = List.copyOf(values);
        }

        @Override
        public Map<String, Double> scalars() {
            Map<String, Double> scalars = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                scalars.put(names.get(i), values.get(i));
            }
            return scalars;
        }
    }

    /**
     * Rows of numbers, such as counts by label and prediction.
     *
     * @param rows the names of the rows
     * @param columns the names of the columns
     * @param values the numbers, row by row
     */
    record Matrix(List<String> rows, List<String> columns, List<List<Double>> values) implements MetricValue {
        /**
         * Copies what it is given.
         *
         * @param rows the names of the rows
         * @param columns the names of the columns
         * @param values the numbers, row by row
         */
        public Matrix {
            rows = List.copyOf(rows);
            columns = List.copyOf(columns);
            values = values.stream().map(List::copyOf).toList();
        }
    }

    /**
     * One curve or several in one plane.
     *
     * @param xName what x is
     * @param yName what y is
     * @param lines the curves
     */
    record Curve(String xName, String yName, List<Line> lines) implements MetricValue {
        /**
         * Copies what it is given.
         *
         * @param xName what x is
         * @param yName what y is
         * @param lines the curves
         */
        public Curve {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Points in their order.
     *
     * @param name the curve's name, such as that of a class; empty where there is one curve
     * @param x x of each point
     * @param y y of each point
     * @param thresholds the score from which a sample counts as positive, of each point; the last point of a
     *     precision-recall curve has none, so that there is one fewer
     * @param counts what the points are made of, for a precision-recall curve
     */
    record Line(String name, List<Double> x, List<Double> y, List<Double> thresholds, Counts counts) {
        /**
         * Copies what it is given.
         *
         * @param name the name
         * @param x x of each point
         * @param y y of each point
         * @param thresholds the threshold of each point
         * @param counts what the points are made of
         */
        public Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            thresholds = List.copyOf(thresholds);
        }

        /**
         * Points of which nothing more is known.
         *
         * @param name the name
         * @param x x of each point
         * @param y y of each point
         * @param thresholds the threshold of each point
         */
        public Line(String name, List<Double> x, List<Double> y, List<Double> thresholds) {
            this(name, x, y, thresholds, Counts.NONE);
        }
    }

    /**
     * How many samples reach each threshold of a line.
     *
     * @param truePositives those of the class, as many numbers as thresholds
     * @param falsePositives the others, as many numbers as thresholds
     * @param positives how many samples are of the class
     * @param negatives how many are not
     */
    record Counts(List<Double> truePositives, List<Double> falsePositives, double positives, double negatives) {
        /** Where they are not known. */
        public static final Counts NONE = new Counts(List.of(), List.of(), 0, 0);

        /**
         * Copies what it is given.
         *
         * @param truePositives those of the class that reach each threshold
         * @param falsePositives the others that do
         * @param positives how many samples are of the class
         * @param negatives how many are not
         */
        public Counts {
            truePositives = List.copyOf(truePositives);
            falsePositives = List.copyOf(falsePositives);
        }
    }

    /**
     * A number as a value.
     *
     * @param value the number
     * @return the value
     */
    static MetricValue of(double value) {
        return new Scalar(value);
    }

    /**
     * The one number.
     *
     * @return the number
     * @throws ConfigurationException if the value is more than a number
     */
    default double number() {
        if (this instanceof Scalar scalar) {
            return scalar.value();
        }
        throw new ConfigurationException("The metric computes a " + getClass().getSimpleName()
                + ", not one number. Call value() instead of compute(), or choose an average of classes.");
    }

    /**
     * The numbers that can be logged one by one: that of a scalar under the empty name, those of a vector under its
     * names; of matrices and curves none.
     *
     * @return name and number, in order
     */
    default Map<String, Double> scalars() {
        return this instanceof Scalar scalar ? Map.of("", scalar.value()) : Map.of();
    }

    /**
     * All numbers in a row, for comparisons: of a curve those of each line, x before y before thresholds.
     *
     * @return the numbers
     */
    default List<Double> numbers() {
        if (this instanceof Matrix matrix) {
            return matrix.values().stream().flatMap(List::stream).toList();
        }
        List<Double> all = new ArrayList<>(scalars().values());
        if (this instanceof Curve curve) {
            for (Line line : curve.lines()) {
                all.addAll(line.x());
                all.addAll(line.y());
                all.addAll(line.thresholds());
            }
        }
        return all;
    }
}
