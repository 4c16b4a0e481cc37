package io.github.lightning4j.optim;

import java.util.function.DoubleFunction;

/**
 * A line search that ends at a point which satisfies the strong Wolfe conditions: the loss has fallen enough, and its slope
 * has become small enough. It brackets such a point and narrows the bracket by cubic interpolation, as {@code
 * torch.optim.LBFGS} does after Schmidt's minFunc; the conditions and their constants are those of Nocedal and Wright,
 * section 3.1.
 */
final class StrongWolfe {
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    private final DoubleFunction<LinePoint> line;
    private final LinePoint start;
    private final double directionSize;
    private final double toleranceChange;
    private final int mostSearches;

    private int searches;
    /** The ends of the bracket; the first is the lower one if {@link #lowFirst}. */
    private LinePoint first;

    private LinePoint second;
    private boolean lowFirst;

    /**
     * Creates a search.
     *
     * @param line the loss along the direction, by the length of the step
     * @param start the point at length 0
     * @param directionSize the largest magnitude of an element of the direction
     * @param toleranceChange how small a change of an element ends the search
     * @param mostSearches how often it may go on
     */
    StrongWolfe(
            DoubleFunction<LinePoint> line,
            LinePoint start,
            double directionSize,
            double toleranceChange,
            int mostSearches) {
        this.line = line;
        this.start = start;
        this.directionSize = directionSize;
        this.toleranceChange = toleranceChange;
        this.mostSearches = mostSearches;
        this.first = start;
        this.second = start;
    }

    /** Searches from a step of this length. */
    LinePoint search(double length) {
        if (bracket(length)) {
            return first;
        }
        lowFirst = first.loss() <= second.loss();
        narrow();
        return low();
    }

    private boolean fellTooLittle(LinePoint point) {
        return point.loss() > start.loss() + SUFFICIENT_DECREASE * point.length() * start.slope();
    }

    private boolean isFlat(LinePoint point) {
        return Math.abs(point.slope()) <= -CURVATURE * start.slope();
    }

    /** Looks for two points around what is searched; true if it was found, and is {@link #first}. */
    private boolean bracket(double length) {
        LinePoint previous = start;
        LinePoint point = line.apply(length);
        while (searches < mostSearches) {
            boolean rises = searches > 1 && point.loss() >= previous.loss();
            if (fellTooLittle(point) || rises) {
                between(previous, point);
                return false;
            }
            if (isFlat(point)) {
                first = point;
                return true;
            }
            if (point.slope() >= 0) {
                between(previous, point);
                return false;
            }
            double least = point.length() + 0.01 * (point.length() - previous.length());
            double next = interpolate(previous, point, least, point.length() * 10);
            previous = point;
            point = line.apply(next);
            searches++;
        }
        between(start, point);
        return false;
    }

    private void between(LinePoint from, LinePoint to) {
        first = from;
        second = to;
    }

    private LinePoint low() {
        return lowFirst ? first : second;
    }

    private LinePoint high() {
        return lowFirst ? second : first;
    }

    private void narrow() {
        boolean done = false;
        boolean insufficientProgress = false;
        while (!done && searches < mostSearches) {
            double width = Math.abs(second.length() - first.length());
            if (width * directionSize < toleranceChange) {
                return;
            }
            double least = Math.min(first.length(), second.length());
            double most = Math.max(first.length(), second.length());
            double length = interpolate(first, second, least, most);
            double margin = 0.1 * (most - least);
            boolean nearAnEnd = Math.min(most - length, length - least) < margin;
            if (nearAnEnd && (insufficientProgress || length >= most || length <= least)) {
                length = Math.abs(length - most) < Math.abs(length - least) ? most - margin : least + margin;
                insufficientProgress = false;
            } else {
                insufficientProgress = nearAnEnd;
            }
            LinePoint point = line.apply(length);
            searches++;
            done = take(point);
        }
    }

    /** Makes the bracket smaller by a point in it; true if that is a point which was searched. */
    private boolean take(LinePoint point) {
        if (fellTooLittle(point) || point.loss() >= low().loss()) {
            replaceHigh(point);
            lowFirst = first.loss() <= second.loss();
            return false;
        }
        boolean found = isFlat(point);
        if (!found && point.slope() * (high().length() - low().length()) >= 0) {
            replaceHigh(low());
        }
        replaceLow(point);
        return found;
    }

    private void replaceHigh(LinePoint point) {
        if (lowFirst) {
            second = point;
        } else {
            first = point;
        }
    }

    private void replaceLow(LinePoint point) {
        if (lowFirst) {
            first = point;
        } else {
            second = point;
        }
    }

    /** The minimum of the cubic through two points with these slopes, within bounds. */
    private static double interpolate(LinePoint a, LinePoint b, double least, double most) {
        double secant = a.slope() + b.slope() - 3 * (a.loss() - b.loss()) / (a.length() - b.length());
        double square = secant * secant - a.slope() * b.slope();
        if (!(square >= 0)) {
            return (least + most) / 2;
        }
        double root = Math.sqrt(square);
        LinePoint left = a.length() <= b.length() ? a : b;
        LinePoint right = left == a ? b : a;
        double share = (right.slope() + root - secant) / (right.slope() - left.slope() + 2 * root);
        double minimum = right.length() - (right.length() - left.length()) * share;
        return Math.min(Math.max(minimum, least), most);
    }
}
