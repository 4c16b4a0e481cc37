package io.github.lightning4j.config;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Hyperparameters;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.NearestName;
import io.github.lightning4j.internal.record.RecordReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings in YAML and JSON files, as records.
 *
 * <pre>{@code
 * record Settings(LitMnist.Config model, Map<String, Object> trainer) {}
 *
 * Settings settings = Config.read(Path.of("train.yaml"), Settings.class);
 * Trainer trainer = Trainer.builder().options(settings.trainer()).build();
 * }</pre>
 *
 * <p>The record says what a file may hold, by the names and types of its components: numbers (a whole one will do for a
 * {@code double}), booleans, texts, enums (in any case, with {@code -} for {@code _}), {@link Path}, {@link
 * java.time.Duration} as {@code PT5M} or {@code 5m}, every type with a static {@code parse} of a text, {@link
 * java.util.Optional}, lists, maps by string or enum, records, and {@code Object} for whatever stands there. A name it does
 * not have is refused, and the nearest one it has suggested. Nothing in a file can choose a class.
 *
 * <p><b>What may be left out.</b> If the record has a static method {@code defaults()} that returns one, or a constructor
 * without parameters, what a file leaves out is as there, within nested records too. A record without either has to be given
 * completely, but for components that are {@code Optional} or annotated with a {@code @Nullable} for types, as JSpecify's.
 * Lists and maps are not merged with those of the defaults.
 *
 * <p>{@code .json} is JSON. {@code .yaml} and {@code .yml} are YAML 1.2, in which {@code no} and {@code on} are texts; they need
 * {@code org.snakeyaml:snakeyaml-engine} on the class path.
 */
public final class Config {
    private Config() {}

    /**
     * Reads a file into a record.
     *
     * @param file a {@code .yaml}, {@code .yml} or {@code .json} file
     * @param type the record's class
     * @param <R> the record
     * @return a new record
     * @throws ConfigurationException naming the file and the place, as {@code optimizer.lr}, that is unknown, missing or of
     *     another type, or why the file cannot be read
     */
    public static <R extends Record> R read(Path file, Class<R> type) {
        return read(read(file), type, String.valueOf(file.getFileName()));
    }

    /**
     * Reads a file as it is.
     *
     * @param file a {@code .yaml}, {@code .yml} or {@code .json} file
     * @return name and value: {@link Long}, {@link Double}, {@link Boolean}, {@link String}, null, {@link java.util.List} or
     *     {@link Map}; empty for an empty YAML file
     * @throws ConfigurationException if the file cannot be read, or does not hold names and values
     */
    public static Map<String, Object> read(Path file) {
        return ConfigFile.of(Require.given(file, "the file to read")).read();
    }

    /**
     * Lays settings over others, as those of a second file or a command line.
     *
     * @param below name and value
     * @param above name and value; what is here counts more, and groups that both have are laid over one another in the same way
     * @return a new map
     */
    public static Map<String, Object> merge(
            Map<String, ? extends @Nullable Object> below, Map<String, ? extends @Nullable Object> above) {
        Map<String, Object> merged = Hyperparameters.plain(below);
        Hyperparameters.plain(above).forEach((name, value) -> merged.put(name, merged(merged.get(name), value)));
        return merged;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object merged(@Nullable Object below, @Nullable Object above) {
        return below instanceof Map<?, ?> group && above instanceof Map<?, ?> over
                ? merge((Map<String, Object>) group, (Map<String, Object>) over)
                : above;
    }

    /**
     * Makes a record from values, wherever they come from.
     *
     * @param values name and value, as {@link #read(Path)} gives them; other kinds of whole and floating numbers will do
     * @param type the record's class
     * @param source what to call their origin in messages
     * @param <R> the record
     * @return a new record
     * @throws ConfigurationException naming the place that is unknown, missing or of another type
     */
    public static <R extends Record> R read(
            Map<String, ? extends @Nullable Object> values, Class<R> type, String source) {
        Require.given(type, "the record's class");
        return new RecordReader(new ConfigRules(source)).read(type, Hyperparameters.plain(values));
    }

    /**
     * Writes a record, so that {@link #read(Path, Class)} gives back an equal one.
     *
     * @param file a {@code .yaml}, {@code .yml} or {@code .json} file; replaced as a whole if it exists
     * @param config the record
     * @throws ConfigurationException if a component would not come back equal, or the file's name has another ending
     * @throws io.github.lightning4j.LightningException if the file cannot be written
     */
    public static void write(Path file, Record config) {
        write(file, Hyperparameters.of(Require.given(config, "the record to write")));
    }

    /**
     * Writes values.
     *
     * @param file a {@code .yaml}, {@code .yml} or {@code .json} file; replaced as a whole if it exists
     * @param values by name: null, numbers, booleans, texts, enums, paths, durations, lists, maps and records
     * @throws ConfigurationException naming the value that is of no such type, or if the file's name has another ending
     * @throws io.github.lightning4j.LightningException if the file cannot be written
     */
    public static void write(Path file, Map<String, ? extends @Nullable Object> values) {
        ConfigFile.of(Require.given(file, "the file to write")).write(Hyperparameters.of(values));
    }

    /**
     * Whether YAML can be read and written here.
     *
     * @return true if {@code org.snakeyaml:snakeyaml-engine} is on the class path
     */
    public static boolean hasYaml() {
        return ConfigFile.hasYaml();
    }

    /**
     * Sets options of a builder by their names: each value is given to the method of that name with one parameter. A value
     * that is null leaves its option alone.
     *
     * @param builder the builder of a Trainer, a callback, an optimizer, ...
     * @param values name of the option and value, as {@link #read(Path)} gives them
     * @param source what to call their origin in messages
     * @param <B> the builder
     * @return the builder
     * @throws ConfigurationException naming the option that does not exist or refuses its value
     */
    public static <B> B apply(B builder, Map<String, ? extends @Nullable Object> values, String source) {
        BuilderOptions options =
                BuilderOptions.of(Require.given(builder, "the builder").getClass());
        Hyperparameters.plain(values).forEach((name, value) -> options.set(builder, name, value, source));
        return builder;
    }

    /**
     * Sets one option of a builder from a text, as a command line or an environment variable gives it: {@code 5}, {@code
     * true}, {@code 10 batches}.
     *
     * @param builder the builder of a Trainer, a callback, an optimizer, ...
     * @param name the option
     * @param text its value
     * @param source what to call the text's origin in messages
     * @param <B> the builder
     * @return the builder
     * @throws ConfigurationException if there is no such option, or it refuses the value
     */
    public static <B> B apply(B builder, String name, String text, String source) {
        BuilderOptions.of(Require.given(builder, "the builder").getClass()).setText(builder, name, text, source);
        return builder;
    }

    /**
     * The options of a builder that {@link #apply(Object, Map, String)} can set.
     *
     * @param builder the builder's class
     * @return their names, sorted
     */
    public static List<String> options(Class<?> builder) {
        return BuilderOptions.of(Require.given(builder, "the builder's class")).names();
    }

    /**
     * The name that was probably meant, for messages of programs with names of their own: {@code epochs} for {@code epoch}. It is
     * the one with the fewest letters to change, case, hyphens and underscores aside.
     *
     * @param name the name that does not exist
     * @param known those that do
     * @return the nearest, or nothing if each has more than a third of its letters otherwise
     */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return NearestName.of(Require.given(name, "the name"), Require.given(known, "the known names"));
    }
}
