package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What L-BFGS remembers of the loss: how the gradient changed along the last steps, from which it makes the direction of the
 * next one by the two loops of Nocedal and Wright, algorithm 7.4. Its vectors are its own.
 */
final class CurvatureMemory {
    private static final double LEAST_CURVATURE = 1e-10;

    private final NDManager owner;
    /** Changes of the gradient, the oldest first, and the steps that made them. */
    private final List<NDArray> changes = new ArrayList<>();

    private final List<NDArray> steps = new ArrayList<>();
    private final List<Double> curvatures = new ArrayList<>();
    private double scale = 1;
    private long iterations;
    private double length;
    private @Nullable NDArray direction;
    private @Nullable NDArray gradient;

    CurvatureMemory(NDManager owner) {
        this.owner = owner;
    }

    /** Whether no step was taken before the one that is being chosen. */
    boolean isFirst() {
        return iterations == 1;
    }

    /** The direction from a point with this gradient, kept until the next is asked for. */
    NDArray direction(NDArray at, int historySize) {
        iterations++;
        double walked = length;
        length = 0;
        NDArray before = direction;
        NDArray beforeGradient = gradient;
        if (before != null && beforeGradient != null) {
            remember(before, walked, at, beforeGradient, historySize);
            before.close();
            beforeGradient.close();
        }
        gradient = FlatParameters.kept(owner, at::duplicate);
        NDArray next = FlatParameters.kept(owner, () -> downhill(at));
        direction = next;
        return next;
    }

    /** Says how far the direction was followed; not at all as long as nobody says so. */
    void walked(double step) {
        length = step;
    }

    private void remember(NDArray before, double walked, NDArray at, NDArray beforeGradient, int historySize) {
        NDArray change = FlatParameters.kept(owner, () -> at.sub(beforeGradient));
        NDArray step = FlatParameters.kept(owner, () -> before.mul(walked));
        double curvature = Scalars.dot(change, step);
        if (!(curvature > LEAST_CURVATURE)) {
            change.close();
            step.close();
            return;
        }
        while (changes.size() >= historySize) {
            changes.remove(0).close();
            steps.remove(0).close();
            curvatures.remove(0);
        }
        changes.add(change);
        steps.add(step);
        curvatures.add(curvature);
        scale = curvature / Scalars.dot(change, change);
    }

    private NDArray downhill(NDArray at) {
        int known = changes.size();
        double[] shares = new double[known];
        NDArray result = at.neg();
        for (int i = known - 1; i >= 0; i--) {
            shares[i] = Scalars.dot(steps.get(i), result) / curvatures.get(i);
            add(result, changes.get(i), -shares[i]);
        }
        result.muli(scale);
        for (int i = 0; i < known; i++) {
            double back = Scalars.dot(changes.get(i), result) / curvatures.get(i);
            add(result, steps.get(i), shares[i] - back);
        }
        return result;
    }

    private static void add(NDArray sum, NDArray vector, double factor) {
        try (MemoryScope scope = MemoryScope.open()) {
            sum.addi(vector.mul(factor));
        }
    }

    void save(StateWriter state) {
        state.putLong("iterations", iterations);
        state.putDouble("length", length);
        state.putDouble("scale", scale);
        state.putDoubles(
                "curvatures",
                curvatures.stream().mapToDouble(Double::doubleValue).toArray());
        if (direction != null && gradient != null) {
            state.putTensor("direction", direction);
            state.putTensor("gradient", gradient);
        }
        for (int i = 0; i < changes.size(); i++) {
            state.putTensor("changes/" + i, changes.get(i));
            state.putTensor("steps/" + i, steps.get(i));
        }
    }

    /** Reads into a new memory. */
    void load(StateReader state) {
        iterations = state.getLong("iterations", 0);
        length = state.getDouble("length");
        scale = state.getDouble("scale");
        if (iterations > 0) {
            direction = state.newTensor("direction", owner);
            gradient = state.newTensor("gradient", owner);
        }
        double[] saved = state.getDoubles("curvatures");
        for (int i = 0; i < saved.length; i++) {
            curvatures.add(saved[i]);
            changes.add(state.newTensor("changes/" + i, owner));
            steps.add(state.newTensor("steps/" + i, owner));
        }
    }
}
