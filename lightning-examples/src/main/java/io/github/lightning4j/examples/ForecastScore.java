package io.github.lightning4j.examples;

import java.util.Arrays;

/**
 * How good forecasts are that tell quantiles.
 *
 * @param error the mean distance of what came from its middle quantile
 * @param loss the mean quantile loss
 * @param within in what part of all cases that what came lay between the lowest and the highest quantile
 */
record ForecastScore(double error, double loss, double within) {

    /**
     * Compares.
     *
     * @param quantiles an odd number of them, rising
     * @param forecasts one value a quantile for each actual one
     */
    static ForecastScore of(float[] actual, float[] forecasts, double... quantiles) {
        int count = quantiles.length;
        double error = 0;
        double loss = 0;
        double within = 0;
        for (int i = 0; i < actual.length; i++) {
            for (int q = 0; q < count; q++) {
                double miss = actual[i] - forecasts[i * count + q];
                loss += Math.max(quantiles[q] * miss, (quantiles[q] - 1) * miss) / count;
            }
            error += Math.abs(actual[i] - forecasts[i * count + count / 2]);
            within += actual[i] >= forecasts[i * count] && actual[i] <= forecasts[(i + 1) * count - 1] ? 1 : 0;
        }
        return new ForecastScore(error / actual.length, loss / actual.length, within / actual.length);
    }

    /** Makes quantiles of forecasts that are single values, by how far such ones were off in the past. */
    static float[] widened(float[] forecasts, float[] pastForecasts, float[] pastActual, double... quantiles) {
        float[] misses = new float[pastActual.length];
        for (int i = 0; i < misses.length; i++) {
            misses[i] = pastActual[i] - pastForecasts[i];
        }
        Arrays.sort(misses);
        float[] widened = new float[forecasts.length * quantiles.length];
        for (int i = 0; i < widened.length; i++) {
            double quantile = quantiles[i % quantiles.length];
            widened[i] = forecasts[i / quantiles.length] + misses[(int) (quantile * misses.length)];
        }
        return widened;
    }

    @Override
    public String toString() {
        return String.format("%10.3f  %13.3f  %17.1f %%", error, loss, 100 * within);
    }
}
