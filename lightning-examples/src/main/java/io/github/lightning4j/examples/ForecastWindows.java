package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.data.TensorDataset;
import java.util.Arrays;

/**
 * Windows of a series: what is known, and the months that follow. Those of a period have all their following months in it, so
 * that nothing of a later period is seen in an earlier one.
 *
 * @param known how many months are known
 * @param ahead how many follow
 * @param mean what temperatures are told as differences from
 */
record ForecastWindows(SeaTemperatures sea, int known, int ahead, float mean) {
    private static final int FEATURES = 3;

    /** Of each known month the temperature and the season as a point on a circle; of those that follow the temperature. */
    TensorDataset dataset(NDManager manager, int fromYear, int toYear) {
        int[] starts = starts(fromYear, toYear);
        float[] data = new float[starts.length * known * FEATURES];
        int next = 0;
        for (int start : starts) {
            for (int month = start - known; month < start; month++) {
                double season = 2 * Math.PI * month / 12;
                data[next++] = sea.at(month) - mean;
                data[next++] = (float) Math.sin(season);
                data[next++] = (float) Math.cos(season);
            }
        }
        Shape shape = new Shape(starts.length, known, FEATURES);
        return TensorDataset.of(manager, data, shape, following(starts, 0), new Shape(starts.length, ahead));
    }

    /** The temperatures to be forecast, window by window, as differences from the mean. */
    float[] actual(int fromYear, int toYear) {
        return following(starts(fromYear, toYear), 0);
    }

    /** The forecast that nobody needs a network for: as a year before. */
    float[] asAYearBefore(int fromYear, int toYear) {
        return following(starts(fromYear, toYear), 12);
    }

    /** The months in which what follows begins, one after the other. */
    int[] starts(int fromYear, int toYear) {
        int first = Math.max(SeaTemperatures.january(fromYear), known);
        int last = SeaTemperatures.january(toYear + 1) - ahead;
        int[] starts = new int[last - first + 1];
        Arrays.setAll(starts, i -> first + i);
        return starts;
    }

    private float[] following(int[] starts, int monthsBefore) {
        float[] values = new float[starts.length * ahead];
        for (int i = 0; i < values.length; i++) {
            values[i] = sea.at(starts[i / ahead] + i % ahead - monthsBefore) - mean;
        }
        return values;
    }
}
