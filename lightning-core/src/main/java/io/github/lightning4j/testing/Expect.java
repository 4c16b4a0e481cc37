package io.github.lightning4j.testing;

import io.github.lightning4j.checkpoint.TensorValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Expectations, and the words for those that are not met. */
final class Expect {
    private static final int MOST_NAMED = 5;

    /** Weights first, since what differs there is most easily understood, then what moves them. */
    private static final List<String> FIRST = List.of("model/", "optimizer/", "gradient/");

    private Expect() {}

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    static void equal(String what, @Nullable Object expected, @Nullable Object actual) {
        that(Objects.equals(expected, actual), what + ": " + expected + " was expected, but it is " + actual + ".");
    }

    static void close(String what, double expected, double actual, double tolerance) {
        boolean close = Double.compare(expected, actual) == 0
                || (tolerance > 0 && Math.abs(expected - actual) <= tolerance * Math.max(1, Math.abs(expected)));
        that(close, what + ": " + expected + " was expected, but it is " + actual + ".");
    }

    /** Compares element by element. */
    static void equalLists(String what, List<?> expected, List<?> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            equal(what + " " + i, expected.get(i), actual.get(i));
        }
        equal("the number of " + what + "s", expected.size(), actual.size());
    }

    /** Compares key by key. */
    static void equalContents(String what, Map<String, ?> expected, Map<String, ?> actual) {
        List<String> different = Stream.concat(expected.keySet().stream(), actual.keySet().stream())
                .distinct()
                .filter(key -> !Objects.equals(expected.get(key), actual.get(key)))
                .sorted(Comparator.comparingInt(Expect::rank).thenComparing(Comparator.naturalOrder()))
                .toList();
        if (!different.isEmpty()) {
            String first = different.get(0);
            throw new AssertionError(what + ": '" + first + "' differs: "
                    + difference(expected.get(first), actual.get(first)) + others(different) + ".");
        }
    }

    private static int rank(String key) {
        return (int) FIRST.stream().takeWhile(prefix -> !key.startsWith(prefix)).count();
    }

    private static String difference(@Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof TensorValue tensor && actual instanceof TensorValue other) {
            return tensor.differenceTo(other);
        }
        return (expected == null ? "nothing" : expected) + " was expected, but it is "
                + (actual == null ? "missing" : actual);
    }

    private static String others(List<String> different) {
        if (different.size() == 1) {
            return "";
        }
        List<String> rest = different.subList(1, different.size());
        String more = rest.size() > MOST_NAMED ? " and " + (rest.size() - MOST_NAMED) + " more" : "";
        return "; so do "
                + rest.stream().limit(MOST_NAMED).map(key -> "'" + key + "'").collect(Collectors.joining(", ")) + more;
    }
}
