package io.github.lightning4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** How warm the Pacific is off Peru, where El Niño comes from: a mean in degrees Celsius for each month since 1950. */
record SeaTemperatures(float[] months) {
    private static final int FIRST_YEAR = 1950;
    private static final String FILE = "elnino/elnino.csv";

    static SeaTemperatures load() throws IOException {
        try (BufferedReader csv = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SeaTemperatures.class.getResourceAsStream(FILE), FILE),
                StandardCharsets.US_ASCII))) {
            double[] months = csv.lines()
                    .skip(1)
                    .flatMap(year -> Arrays.stream(year.split(",")).skip(1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            float[] floats = new float[months.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) months[i];
            }
            return new SeaTemperatures(floats);
        }
    }

    /** The index of a year's January. */
    static int january(int year) {
        return 12 * (year - FIRST_YEAR);
    }

    float at(int month) {
        return months[month];
    }

    /** The mean of all months before a year. */
    float meanUntil(int year) {
        double sum = 0;
        for (int month = 0; month < january(year); month++) {
            sum += months[month];
        }
        return (float) (sum / january(year));
    }
}
