package io.github.lightning4j.examples;

import io.github.lightning4j.LightningException;
import io.github.lightning4j.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options that {@code --config FILE} gives: {@code save-every: 10}. Those of the command line count more. */
final class FileDefaults implements IDefaultValueProvider {
    static final String OPTION = "--config";
    /** The group of options that are the Trainer's own. */
    static final String TRAINER = "trainer";

    private final @Nullable String file;
    private @Nullable Map<String, Object> values;

    private FileDefaults(@Nullable String file) {
        this.file = file;
    }

    static FileDefaults of(String... args) {
        List<String> words = List.of(args);
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(OPTION + "=")) {
                return new FileDefaults(words.get(i).substring(OPTION.length() + 1));
            }
            if (words.get(i).equals(OPTION) && i + 1 < words.size()) {
                return new FileDefaults(words.get(i + 1));
            }
        }
        return new FileDefaults(null);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        CommandSpec command = argument.command();
        if (file == null || command.findOption(OPTION) == null || !(argument instanceof OptionSpec option)) {
            return null;
        }
        Object value = values(file, command).get(key(option));
        return value == null ? null : value.toString();
    }

    private Map<String, Object> values(String path, CommandSpec command) {
        if (values == null) {
            values = read(path, command);
        }
        return values;
    }

    private static Map<String, Object> read(String path, CommandSpec command) {
        Map<String, Object> read;
        try {
            read = new TreeMap<>(Config.read(Path.of(path)));
        } catch (LightningException | InvalidPathException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
        TreeSet<String> known = new TreeSet<>(List.of(TRAINER));
        command.options().forEach(option -> known.add(key(option)));
        known.removeAll(List.of("config", "help"));
        TreeSet<String> unknown = new TreeSet<>(read.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            String each = unknown.stream()
                    .map(name -> "there is no option '" + name + "'" + Suggestion.of(name, known))
                    .collect(Collectors.joining(", "));
            throw new ParameterException(command.commandLine(), path + ": " + each + ". There are " + known);
        }
        return read;
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }
}
