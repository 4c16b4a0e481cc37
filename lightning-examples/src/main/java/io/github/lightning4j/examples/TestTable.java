package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Locale;

/** What a test found, class by class. */
final class TestTable {
    private final long[][] counts;

    TestTable(int classes) {
        counts = new long[classes][classes];
    }

    /** Counts a batch: scores of shape (N, classes) and labels of shape (N). */
    void add(NDArray logits, NDArray labels) {
        long[] predicted = logits.argMax(1).toLongArray();
        long[] actual = labels.toType(DataType.INT64, false).toLongArray();
        for (int i = 0; i < actual.length; i++) {
            counts[(int) actual[i]][(int) predicted[i]]++;
        }
    }

    /** The table, with a last line for all classes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(line("class  samples  accuracy  most often taken for"));
        long samples = 0;
        long right = 0;
        for (int label = 0; label < counts.length; label++) {
            long ofClass = Arrays.stream(counts[label]).sum();
            text.append(
                    line("%5d  %,7d  %8.4f%s", label, ofClass, share(counts[label][label], ofClass), mistake(label)));
            samples += ofClass;
            right += counts[label][label];
        }
        return text.append(line("%5s  %,7d  %8.4f", "all", samples, share(right, samples)))
                .toString();
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    private String mistake(int label) {
        int worst = -1;
        for (int other = 0; other < counts.length; other++) {
            if (other != label && counts[label][other] > (worst < 0 ? 0 : counts[label][worst])) {
                worst = other;
            }
        }
        return worst < 0 ? "" : "  " + worst + " (" + counts[label][worst] + " of them)";
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format + "%n", values);
    }
}
