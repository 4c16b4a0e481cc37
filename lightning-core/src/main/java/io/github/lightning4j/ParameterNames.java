package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import io.github.lightning4j.internal.name.FreeName;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of everything a block has: paths such as {@code net.conv1.weight}. A layer goes by the name its parent gave it,
 * or by its position where it was given none, as in a {@code SequentialBlock}: {@code net.0.weight}. The last part is what
 * torch calls it: {@code weight}, {@code bias}, {@code running_mean}, {@code running_var}, {@code weight_ih_l0}.
 *
 * <p>Renaming a class or adding a layer elsewhere changes no name. Two parameters never share one, and a parameter in
 * several places has the name of the first.
 */
public final class ParameterNames {
    private final ParameterList named = new ParameterList();
    private final Map<Parameter, String> names = new IdentityHashMap<>();
    private final Map<Parameter, String> earlier = new IdentityHashMap<>();
    private final Map<String, Parameter> further = new LinkedHashMap<>();

    /**
     * Names the parameters a block has now.
     *
     * @param root the block the paths start from
     * @throws ConfigurationException if a module within it has a layer with a dot in its name, or two of one name
     */
    public ParameterNames(Block root) {
        Map<Parameter, String> paths = new IdentityHashMap<>();
        walk("", root, paths, further);
        Set<String> taken = new HashSet<>();
        for (Pair<String, Parameter> listed : root.getParameters()) {
            Parameter parameter = listed.getValue();
            if (earlier.putIfAbsent(parameter, listed.getKey()) == null) {
                String name = FreeName.take(paths.getOrDefault(parameter, listed.getKey()), taken);
                names.put(parameter, name);
                named.add(name, parameter);
            }
        }
    }

    private static void walk(String path, Block block, Map<Parameter, String> paths, Map<String, Parameter> further) {
        for (Pair<String, Parameter> own : block.getDirectParameters()) {
            String name = path + LeafName.of(block, own.getKey());
            if (paths.putIfAbsent(own.getValue(), name) != null) {
                further.put(name, own.getValue());
            }
        }
        LayerNames.of(block).forEach((name, layer) -> walk(path + name + ".", layer, paths, further));
    }

    /**
     * Names the parameters of a block.
     *
     * @param root the block the paths start from
     * @return name and parameter, buffers and running statistics included, each once, in the order of the layers
     * @throws ConfigurationException if a module within it has a layer with a dot in its name, or two of one name
     */
    public static ParameterList of(Block root) {
        return new ParameterNames(root).named;
    }

    /**
     * Names the layers directly below a block.
     *
     * @param block the block
     * @return name and layer, in order
     * @throws ConfigurationException if the block is a module with a layer with a dot in its name, or two of one name
     */
    public static Map<String, Block> layers(Block block) {
        return LayerNames.of(block);
    }

    /**
     * Names a parameter that lies directly in a block.
     *
     * @param block the block
     * @param name what the block calls it
     * @return what torch calls it, for layers that torch has, and the same name for others
     */
    public static String leaf(Block block, String name) {
        return LeafName.of(block, name);
    }

    /**
     * All names.
     *
     * @return name and parameter, in the order of the layers
     */
    public Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        named.forEach(pair -> all.put(pair.getKey(), pair.getValue()));
        return all;
    }

    /**
     * The names of parameters in several places at all but the first of them: torch's state dictionaries have them too.
     *
     * @return name and parameter, in the order of the layers; empty if nothing is tied
     */
    public Map<String, Parameter> further() {
        Map<String, Parameter> others = new LinkedHashMap<>(further);
        others.keySet().removeAll(parameters().keySet());
        return others;
    }

    /**
     * The name of a parameter.
     *
     * @param parameter the parameter
     * @return its name, or null if the block does not have it
     */
    public @Nullable String of(Parameter parameter) {
        return names.get(parameter);
    }

    /**
     * What a parameter was called in checkpoints of format 1: its name in DJL's parameter list.
     *
     * @param parameter the parameter
     * @return that name, or null if the block does not have it
     */
    public @Nullable String earlier(Parameter parameter) {
        return earlier.get(parameter);
    }

    /**
     * Finds the parameter that a checkpoint means.
     *
     * @param saved its name, or its name in format 1
     * @return the parameter, or null if there is none
     */
    public @Nullable Parameter find(String saved) {
        Parameter earlierOne = null;
        for (Pair<String, Parameter> pair : named) {
            if (pair.getKey().equals(saved)) {
                return pair.getValue();
            }
            if (saved.equals(earlier.get(pair.getValue()))) {
                earlierOne = pair.getValue();
            }
        }
        return earlierOne;
    }

    /**
     * Gives the parameters of optimizers these names, whatever list they came from. Those the block does not have keep
     * theirs.
     *
     * @param optimizers the optimizers
     */
    public void giveTo(List<Optimizer> optimizers) {
        for (Optimizer optimizer : optimizers) {
            optimizer.paramGroups().forEach(group -> group.rename(names, earlier));
            optimizer.gradients().rename(names);
        }
    }
}
