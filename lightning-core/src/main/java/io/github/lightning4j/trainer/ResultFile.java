package io.github.lightning4j.trainer;

import java.util.Map;

/** The run's {@code result.json}. */
final class ResultFile {
    void addTestMetrics(Map<String, Double> metrics) {}
}
