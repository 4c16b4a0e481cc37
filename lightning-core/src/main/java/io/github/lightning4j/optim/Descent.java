package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Closure;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;

/** One step of {@link LBFGS}: iterations, each along a direction of its own. */
final class Descent {
    private final Settings settings;
    private final FlatParameters flat;
    private final CurvatureMemory memory;
    private final Closure closure;
    private final NDManager work;
    private int evaluations;

    /** What is set. */
    record Settings(
            double lr,
            int maxIter,
            int maxEval,
            double toleranceGrad,
            double toleranceChange,
            int historySize,
            LineSearch lineSearch) {}

    Descent(Settings settings, FlatParameters flat, CurvatureMemory memory, Closure closure, NDManager work) {
        this.settings = settings;
        this.flat = flat;
        this.memory = memory;
        this.closure = closure;
        this.work = work;
    }

    /** Goes down; returns the loss before that. */
    double run() {
        LinePoint at = evaluate(0, work);
        double first = at.loss();
        boolean goesOn = true;
        for (int i = 1; goesOn && i <= settings.maxIter() && !isOptimal(at); i++) {
            NDArray direction = memory.direction(at.gradient(), settings.historySize());
            LinePoint start = onLine(0, at, direction);
            double length = firstLength(at.gradient());
            if (start.slope() > -settings.toleranceChange()) {
                memory.walked(length);
                return first;
            }
            try (NDManager iteration = work.newSubManager()) {
                at = settings.lineSearch() == LineSearch.STRONG_WOLFE
                        ? search(start, direction, length, iteration)
                        : follow(start, direction, length, i < settings.maxIter(), iteration);
                memory.walked(at.length());
                outlive(start, at);
            }
            goesOn = evaluations < settings.maxEval() && !isAtStandstill(start, at, direction);
        }
        return first;
    }

    /** Of what an iteration made only the gradient where it ended is needed. */
    private void outlive(LinePoint start, LinePoint end) {
        if (start.gradient() != end.gradient()) {
            end.gradient().attach(work);
            start.gradient().close();
        }
    }

    private boolean isOptimal(LinePoint at) {
        return Scalars.maxAbs(at.gradient()) <= settings.toleranceGrad();
    }

    private boolean isAtStandstill(LinePoint from, LinePoint to, NDArray direction) {
        return Scalars.maxAbs(direction) * Math.abs(to.length()) <= settings.toleranceChange()
                || Math.abs(to.loss() - from.loss()) < settings.toleranceChange();
    }

    private double firstLength(NDArray gradient) {
        return memory.isFirst() ? settings.lr() * Math.min(1, 1 / Scalars.sumAbs(gradient)) : settings.lr();
    }

    private LinePoint evaluate(double length, NDManager owner) {
        double loss;
        try (MemoryScope scope = MemoryScope.open();
                GradMode recording = GradMode.recording()) {
            loss = closure.evaluate();
        }
        evaluations++;
        return new LinePoint(length, loss, flat.gradient(owner), Double.NaN);
    }

    private static LinePoint onLine(double length, LinePoint at, NDArray direction) {
        return new LinePoint(length, at.loss(), at.gradient(), Scalars.dot(at.gradient(), direction));
    }

    /** What follows the last iteration need not be known: the next step evaluates it, on its own batch. */
    private LinePoint follow(
            LinePoint start, NDArray direction, double length, boolean evaluates, NDManager iteration) {
        if (!evaluates) {
            flat.move(length, direction);
            return new LinePoint(length, start.loss(), start.gradient(), Double.NaN);
        }
        NDArray origin = flat.values(iteration);
        flat.move(length, direction);
        LinePoint end = evaluate(length, iteration);
        if (Double.isFinite(end.loss())) {
            return end;
        }
        // From there no direction leads anywhere but to weights that are not finite.
        flat.set(origin);
        return start;
    }

    private LinePoint search(LinePoint start, NDArray direction, double length, NDManager iteration) {
        NDArray origin = flat.values(iteration);
        StrongWolfe search = new StrongWolfe(
                step -> trial(step, direction, origin, iteration),
                start,
                Scalars.maxAbs(direction),
                settings.toleranceChange(),
                settings.maxEval() - evaluations);
        LinePoint found = search.search(length);
        flat.move(found.length(), direction);
        return found;
    }

    private LinePoint trial(double length, NDArray direction, NDArray origin, NDManager iteration) {
        flat.move(length, direction);
        try {
            return onLine(length, evaluate(length, iteration), direction);
        } finally {
            flat.set(origin);
        }
    }
}
