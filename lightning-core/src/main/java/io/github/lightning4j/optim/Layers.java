package io.github.lightning4j.optim;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.TransformerDecoder;
import io.github.lightning4j.nn.TransformerEncoder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers of a network from its input to its output, and groups with a learning rate for each. */
final class Layers {
    private final Map<Parameter, Integer> places = new IdentityHashMap<>();
    private final int count;
    private final double decay;

    Layers(Block network, double decay) {
        this.decay = decay;
        List<Block> layers = new ArrayList<>();
        collect(network, layers);
        count = layers.size();
        for (int i = 0; i < count; i++) {
            for (Parameter parameter : layers.get(i).getParameters().values()) {
                places.putIfAbsent(parameter, i);
            }
        }
    }

    private static void collect(Block block, List<Block> layers) {
        if (block.getParameters().isEmpty()) {
            return;
        }
        if (isStack(block)) {
            block.getChildren().values().forEach(child -> collect(child, layers));
        } else {
            layers.add(block);
        }
    }

    private static boolean isStack(Block block) {
        return block.getDirectParameters().isEmpty()
                && (block instanceof SequentialBlock
                        || block instanceof LightningModule
                        || block instanceof BertEncoder
                        || block instanceof TransformerEncoder
                        || block instanceof TransformerDecoder);
    }

    /** A group for each layer with parameters of the group, and the group itself with those of no layer. */
    List<ParamGroup> split(ParamGroup group) {
        Map<Integer, PairList<String, Parameter>> parts = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : ParamGroups.pairs(group)) {
            parts.computeIfAbsent(places.getOrDefault(pair.getValue(), count), place -> new PairList<>())
                    .add(pair);
        }
        List<ParamGroup> groups = new ArrayList<>();
        parts.forEach((place, pairs) -> groups.add(place == count ? rest(group, pairs) : layer(group, place, pairs)));
        return groups;
    }

    private static ParamGroup rest(ParamGroup group, PairList<String, Parameter> pairs) {
        return new ParamGroup(group.name(), pairs, group.options());
    }

    private ParamGroup layer(ParamGroup group, int place, PairList<String, Parameter> pairs) {
        Map<String, Double> options = new LinkedHashMap<>(group.options());
        options.put(ParamGroup.LR, group.lr() * Math.pow(decay, count - 1 - place));
        return new ParamGroup(group.name() + "_layer_" + place, pairs, options);
    }
}
