package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.checkpoint.internal.SavedTensor;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How saved weights are called in a module that names them otherwise. Several are applied one after the other, each to what
 * the ones before it made of a name.
 *
 * <pre>{@code
 * try (WeightsFile weights = Checkpoint.openWeights(file)) {
 *     weights.restoreInto(module, Names.prefix("bert.", "encoder."), Names.skip("classifier\\..*"));
 * }
 * }</pre>
 */
public final class Names {
    private final Rule rule;

    private interface Rule {
        @Nullable
        SavedTensor apply(SavedTensor tensor);
    }

    private Names(Rule rule) {
        this.rule = rule;
    }

    /**
     * Exchanges what names begin with. Others stay as they are.
     *
     * @param saved the beginning in the file, as in {@code "bert."}; empty to put something before every name
     * @param here the beginning in the module, as in {@code "encoder."}; empty to cut it off
     * @return the rule
     */
    public static Names prefix(String saved, String here) {
        return of(name -> name.startsWith(saved) ? here + name.substring(saved.length()) : name);
    }

    /**
     * Replaces every place where a pattern occurs in a name.
     *
     * @param regex the pattern
     * @param replacement what to put there, with groups as in {@link java.util.regex.Matcher#replaceAll(String)}
     * @return the rule
     * @throws ConfigurationException if the pattern is none
     */
    public static Names pattern(String regex, String replacement) {
        Pattern pattern = compile(regex);
        return of(name -> pattern.matcher(name).replaceAll(replacement));
    }

    /**
     * Renames single weights. Others stay as they are.
     *
     * @param names the name in the file and the name in the module
     * @return the rule
     */
    public static Names of(Map<String, String> names) {
        Map<String, String> copy = Map.copyOf(names);
        return of(name -> copy.getOrDefault(name, name));
    }

    /**
     * Renames by a function.
     *
     * @param renaming from the name in the file to the name in the module
     * @return the rule
     */
    public static Names of(UnaryOperator<String> renaming) {
        return new Names(tensor -> tensor.named(Require.given(
                renaming.apply(tensor.name()),
                "the name that Names.of gave '" + tensor.name() + "'",
                "skip(regex) leaves a weight out")));
    }

    /**
     * Leaves saved weights out, which then count as neither missing nor unexpected.
     *
     * @param regex what the whole name must match
     * @return the rule
     * @throws ConfigurationException if the pattern is none
     */
    public static Names skip(String regex) {
        Pattern pattern = compile(regex);
        return new Names(tensor -> pattern.matcher(tensor.name()).matches() ? null : tensor);
    }

    /**
     * Exchanges the two axes of matrices, for a file that has them as (in, out) where a layer has (out, in).
     *
     * @param regex what the whole name must match
     * @return the rule; restoring with it throws a {@link CheckpointException} for a weight that is no matrix
     * @throws ConfigurationException if the pattern is none
     */
    public static Names transpose(String regex) {
        Pattern pattern = compile(regex);
        return new Names(tensor -> pattern.matcher(tensor.name()).matches() ? transposed(tensor) : tensor);
    }

    private static SavedTensor transposed(SavedTensor tensor) {
        if (tensor.stored().shape().dimension() != 2) {
            throw new CheckpointException("'" + tensor.name() + "' is to be transposed, but has shape "
                    + tensor.stored().shape() + "; only matrices can be. Narrow the pattern of Names.transpose.");
        }
        return tensor.exchanged();
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(
                    "'" + regex + "' is no regular expression: " + e.getDescription()
                            + ". A dot in a name is written \\\\.",
                    e);
        }
    }

    @Nullable
    SavedTensor apply(SavedTensor tensor) {
        return rule.apply(tensor);
    }
}
