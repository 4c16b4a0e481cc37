package io.github.lightning4j.examples;

import java.util.HashMap;
import java.util.Map;

/**
 * What language models were before neural networks: the next character's probabilities are counted after each of the last
 * few, and smoothed by those after fewer (Witten and Bell 1991, "The zero-frequency problem").
 */
final class NGrams {
    private final int order;
    private final int characters;
    private final Map<String, Map<Character, Integer>> followers = new HashMap<>();

    /**
     * Counts a text.
     *
     * @param order 2 for bigrams, 3 for trigrams, ...
     * @param characters how many different ones there are
     */
    NGrams(int order, int characters, String text) {
        this.order = order;
        this.characters = characters;
        for (int i = 0; i < text.length(); i++) {
            for (int before = 0; before < order && before <= i; before++) {
                followers
                        .computeIfAbsent(text.substring(i - before, i), context -> new HashMap<>())
                        .merge(text.charAt(i), 1, Integer::sum);
            }
        }
    }

    /** How many characters the model is torn between, on average: e to the mean of -log(probability). */
    double perplexity(String text) {
        double sum = 0;
        for (int i = 0; i < text.length(); i++) {
            String context = text.substring(Math.max(0, i - order + 1), i);
            sum -= Math.log(probability(context, text.charAt(i)));
        }
        return Math.exp(sum / text.length());
    }

    /** The probability of a character after those of a context, which has fewer than the order. */
    double probability(String context, char next) {
        double shorter = context.isEmpty() ? 1.0 / characters : probability(context.substring(1), next);
        Map<Character, Integer> counts = followers.getOrDefault(context, Map.of());
        int different = counts.size();
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        return different == 0 ? shorter : (counts.getOrDefault(next, 0) + different * shorter) / (all + different);
    }
}
