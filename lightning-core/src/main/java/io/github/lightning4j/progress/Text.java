package io.github.lightning4j.progress;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Numbers and times in words. */
final class Text {
    private Text() {}

    /** Such as {@code 4.2s}, {@code 42s}, {@code 3:07}, {@code 1:02:03}. */
    static String duration(long nanos) {
        double seconds = nanos / 1e9;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + "s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** Such as {@code 5,432 samples/s}. */
    static String rate(double samplesPerSecond) {
        return String.format(
                Locale.ROOT, samplesPerSecond < 100 ? "%.1f samples/s" : "%,.0f samples/s", samplesPerSecond);
    }

    /** Four decimals; an exponent where those would say nothing. */
    static String number(double value) {
        double magnitude = Math.abs(value);
        boolean plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e6) || !Double.isFinite(value);
        return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
    }

    /** Such as {@code loss=0.1234 acc=0.9870}. */
    static String metrics(Map<String, Double> metrics, String separator) {
        StringJoiner joined = new StringJoiner(separator);
        metrics.forEach((name, value) -> joined.add(name + "=" + number(value)));
        return joined.toString();
    }

    /** Such as {@code  75/125}, as wide from the first batch to the last. */
    static String count(Task task) {
        if (task.total() == Task.UNKNOWN) {
            return task.done() + " batches";
        }
        String total = Long.toString(task.total());
        return right(Long.toString(task.done()), total.length()) + "/" + total;
    }

    /** The characters a terminal shows of a text: all but those of escape sequences. */
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i = next(text, i)) {
            width += isEscape(text, i) ? 0 : 1;
        }
        return width;
    }

    /** As much of a text as a width has room for; escape sequences need none, so that colours still end. */
    static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int room = Math.max(0, width);
        int from = 0;
        while (from < text.length()) {
            int to = next(text, from);
            boolean escape = isEscape(text, from);
            if (escape || room > 0) {
                shown.append(text, from, to);
                room -= escape ? 0 : 1;
            }
            from = to;
        }
        return shown.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '\u001b';
    }

    /** Where the character or the escape sequence ends that begins at an index. */
    private static int next(String text, int at) {
        if (!isEscape(text, at)) {
            return text.offsetByCodePoints(at, 1);
        }
        int end = at + 1;
        while (end < text.length() && !Character.isLetter(text.charAt(end))) {
            end++;
        }
        return Math.min(text.length(), end + 1);
    }

    /** A text with spaces behind it, up to a width. */
    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /** A text with spaces before it, up to a width. */
    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - width(text))) + text;
    }

    /** Such as {@code 812 MB} or {@code 3.1 GB}, in powers of 1024. */
    static String bytes(long bytes) {
        double megabytes = bytes / 1048576.0;
        return megabytes < 1024
                ? String.format(Locale.ROOT, "%.0f MB", megabytes)
                : String.format(Locale.ROOT, "%.1f GB", megabytes / 1024);
    }
}
