package io.github.lightning4j.search;

import java.util.Map;

/** What came out of training one trial to one rung. */
record Stint(long epochs, double value, Map<String, Double> metrics, String weightsSha256) {}
