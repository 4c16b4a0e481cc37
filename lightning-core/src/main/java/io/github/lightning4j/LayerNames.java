package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.FreeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the layers of a block are called: as a person named them, or by their position. DJL puts a number before each name,
 * and the class where it was given none.
 */
final class LayerNames {
    private LayerNames() {}

    static Map<String, Block> of(Block block) {
        BlockList children = block.getChildren();
        Map<String, Block> names = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < children.size(); i++) {
            Block child = children.valueAt(i);
            String given = withoutNumber(children.keyAt(i), i);
            boolean isGiven = block instanceof NamesLayers ? !given.isEmpty() : !isMadeUp(given, block, child);
            String name = isGiven ? given : Integer.toString(i);
            names.put(FreeName.take(name, taken), child);
        }
        return names;
    }

    /** The layers of a type below a block, but for those within another of them. */
    static <B> List<B> nearest(Class<B> type, Block block) {
        List<B> found = new ArrayList<>();
        collect(type, block, found);
        return found;
    }

    private static <B> void collect(Class<B> type, Block block, List<B> found) {
        for (Block child : block.getChildren().values()) {
            if (type.isInstance(child)) {
                found.add(type.cast(child));
            } else {
                collect(type, child, found);
            }
        }
    }

    private static String withoutNumber(String key, int position) {
        String number = String.format(Locale.ROOT, "%02d", position + 1);
        if (key.startsWith(number)) {
            return key.substring(number.length());
        }
        return key.matches("\\d\\d.*") ? key.substring(2) : key;
    }

    private static boolean isMadeUp(String name, Block parent, Block child) {
        boolean isSequence = parent instanceof SequentialBlock || parent instanceof ParallelBlock;
        return name.isEmpty()
                || name.equals(child.getClass().getSimpleName())
                || isSequence && child instanceof LambdaBlock;
    }

    /** Whether a block is another one, or somewhere below it. */
    static boolean contains(Block block, Block wanted) {
        return block == wanted || block.getChildren().values().stream().anyMatch(child -> contains(child, wanted));
    }

    /** Refuses a layer whose name, after the number that DJL puts before it, cannot be that of a layer of a module. */
    static void check(String numbered, Block module) {
        Map<String, Block> names = of(module);
        String name = withoutNumber(numbered, names.size());
        if (!name.isEmpty()) {
            requireNoPath(name, module);
            refuseTaken(name, module, names);
        }
    }

    private static void requireNoPath(String name, Block module) {
        Require.name(name, "the name of a layer of " + ClassName.of(module));
        if (name.indexOf('.') >= 0) {
            throw new ConfigurationException("The layer '" + name + "' of " + ClassName.of(module)
                    + " has a dot in its name, which separates the names of layers in the name of a parameter. Name it '"
                    + name.replace('.', '_') + "'.");
        }
    }

    private static void refuseTaken(String name, Block module, Map<String, Block> names) {
        if (names.containsKey(name)) {
            throw new ConfigurationException(ClassName.of(module) + " has two layers named '" + name
                    + "', so that their parameters cannot be told apart; its layers are " + names.keySet()
                    + " so far. Give each a name of its own.");
        }
    }
}
