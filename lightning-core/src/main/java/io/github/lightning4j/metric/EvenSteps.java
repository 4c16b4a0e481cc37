package io.github.lightning4j.metric;

/** Numbers from 0 to 1 that are equally far apart, as torch's {@code linspace} rounds them. */
final class EvenSteps {
    private EvenSteps() {}

    static double[] of(int count) {
        float step = 1f / (count - 1);
        double[] steps = new double[count];
        for (int i = 0; i < count; i++) {
            steps[i] = i < count / 2 ? step * i : 1 - step * (count - 1 - i);
        }
        return steps;
    }
}
