package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.FileName;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A template of file names such as {@code epoch={epoch}-val_loss={val_loss:.2f}}. */
public final class CheckpointName {
    public static final String EXTENSION = ".safetensors";
    public static final String LAST = "last";

    /** A name, which may hold '/' as metrics' names do, and an optional format. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}:]+)(?::([^{}]*))?}");

    private static final Pattern FORMAT = Pattern.compile("0?\\d{0,2}(\\.\\d{1,2})?[dfeg]");

    private final String template;

    /**
     * Checks a template.
     *
     * @throws ConfigurationException if it cannot make file names
     */
    public CheckpointName(String template) {
        String literal = PLACEHOLDER.matcher(template).replaceAll("");
        if (template.isBlank() || literal.matches("(?s).*[/\\\\{}:].*")) {
            throw refuse(
                    template,
                    "it must be a file name with placeholders as {epoch} or {val_loss:.2f}; the folder is"
                            + " given by dirpath");
        }
        if (template.equals(LAST)) {
            throw refuse(template, "that name is for saveLast");
        }
        FileName.require(literal, "ModelCheckpoint filename");
        PLACEHOLDER.matcher(template).results().forEach(placeholder -> checkFormat(template, placeholder));
        this.template = template;
    }

    private static void checkFormat(String template, MatchResult placeholder) {
        String format = placeholder.group(2);
        if (format != null && (!FORMAT.matcher(format).matches() || format.matches(".*\\..*d"))) {
            throw refuse(template, "the format '" + format + "' is none of the kind 03d, .2f, .3e or .4g");
        }
    }

    private static ConfigurationException refuse(String template, String why) {
        return new ConfigurationException("ModelCheckpoint filename '" + template + "': " + why + ".");
    }

    /**
     * Fills in the placeholders.
     *
     * @throws ConfigurationException naming the metrics there are, if one is missing
     */
    public String fill(long epoch, long step, Map<String, Double> metrics) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        return matcher.replaceAll(placeholder -> {
            String name = placeholder.group(1);
            String format = placeholder.group(2);
            return switch (name) {
                case "epoch" -> format(epoch, format);
                case "step" -> format(step, format);
                default -> format(metric(name, metrics), format);
            };
        });
    }

    private double metric(String name, Map<String, Double> metrics) {
        Double value = metrics.get(name);
        if (value == null) {
            throw refuse(
                    template, "no metric '" + name + "' was logged. Logged so far: " + new TreeSet<>(metrics.keySet()));
        }
        return value;
    }

    private static String format(long value, @Nullable String format) {
        if (format == null) {
            return Long.toString(value);
        }
        return format.endsWith("d") ? String.format(Locale.ROOT, "%" + format, value) : format((double) value, format);
    }

    private static String format(double value, @Nullable String format) {
        if (format == null || !Double.isFinite(value)) {
            return Float.toString((float) value);
        }
        return format.endsWith("d")
                ? String.format(Locale.ROOT, "%" + format, Math.round(value))
                : String.format(Locale.ROOT, "%" + format, value);
    }
}
