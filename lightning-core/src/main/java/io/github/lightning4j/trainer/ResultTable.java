package io.github.lightning4j.trainer;

import io.github.lightning4j.internal.number.NumberText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Metrics by name and loader, as lines of text in ASCII. */
final class ResultTable {
    private static final int COLUMN = 14;

    private final String title;
    private final List<Map<String, Double>> loaders;

    ResultTable(String title, List<Map<String, Double>> loaders) {
        this.title = title;
        this.loaders = loaders;
    }

    @Override
    public String toString() {
        Set<String> names = names();
        if (names.isEmpty()) {
            return "";
        }
        int first = Math.max(
                title.length(), names.stream().mapToInt(String::length).max().orElse(0));
        String line = "-".repeat(first + COLUMN * loaders.size()) + "\n";
        StringBuilder text = new StringBuilder(line).append(cell(title, first));
        for (int i = 0; i < loaders.size(); i++) {
            text.append(String.format(Locale.ROOT, "%" + COLUMN + "s", loaders.size() == 1 ? "value" : "loader " + i));
        }
        text.append('\n').append(line);
        for (String name : names) {
            text.append(cell(name, first));
            loaders.forEach(
                    metrics -> text.append(String.format(Locale.ROOT, "%" + COLUMN + "s", number(metrics.get(name)))));
            text.append('\n');
        }
        return text.append(line).toString();
    }

    /** All names but those under which a value is shown already or that are of a single step. */
    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        loaders.forEach(metrics -> names.addAll(metrics.keySet()));
        names.removeIf(name -> isOfPair(name, "_step", names) || isOfPair(name, "_epoch", names));
        return names;
    }

    private static boolean isOfPair(String name, String ending, Set<String> names) {
        return name.endsWith(ending) && names.contains(name.substring(0, name.length() - ending.length()));
    }

    private static String cell(String text, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", text);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : NumberText.of(value);
    }
}
