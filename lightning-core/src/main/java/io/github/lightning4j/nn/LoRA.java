package io.github.lightning4j.nn;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Low-rank adapters (Hu et al. 2021): a matrix W that stays as it is computes as {@code W + alpha / rank B A}, and the two
 * narrow matrices A and B alone are trained. A starts uniform in ±1/sqrt(inputs), as torch's Linear does, and B at 0, so
 * that at first nothing changes. What A is given is dropped out in training.
 *
 * <pre>{@code
 * LoRA.builder(8).alpha(16).dropout(0.1).targets("query", "value").build().applyTo(encoder);
 * }</pre>
 *
 * <p>Adapters go on our {@link Linear} and {@link MultiheadAttention}; the parameters {@code lora_A.weight} and {@code
 * lora_B.weight} stand beside those of the layer, under the names of Hugging Face's peft. They get their first values when the
 * module is initialised, by the Trainer with the run's seed. Apply them in the constructor of the module, after the pretrained
 * weights are loaded. {@code LoraFile} of the room {@code checkpoint} saves and loads adapters alone.
 */
public final class LoRA {
    private final LowRankSettings settings;

    private LoRA(LowRankSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts with the rank of adapters.
     *
     * @param rank how many rows A and columns B have, 1 or more
     * @return the builder
     * @throws ConfigurationException if it is less
     */
    public static Builder builder(int rank) {
        return new Builder(rank);
    }

    /** Builds a {@link LoRA}. */
    public static final class Builder {
        private final int rank;
        private double alpha = Double.NaN;
        private double dropout;
        private List<String> targets = List.of();

        private Builder(int rank) {
            this.rank = Require.atLeast(1, rank, "rank of LoRA");
        }

        /**
         * Sets by how much adapters count, times the rank; the rank by default, so that they count once.
         *
         * @param alpha above 0
         * @return this
         * @throws ConfigurationException if it is not
         */
        public Builder alpha(double alpha) {
            this.alpha = Require.finitePositive(alpha, "alpha of LoRA");
            return this;
        }

        /**
         * Sets what part of the inputs of adapters is dropped in training; none by default.
         *
         * @param part 0 or more and below 1
         * @return this
         * @throws ConfigurationException if it is outside
         */
        public Builder dropout(double part) {
            dropout = Require.belowOne(part, "dropout of LoRA");
            return this;
        }

        /**
         * Chooses layers by name; by default all that can have adapters.
         *
         * @param names the path of a layer or its end: {@code "query"} is every layer whose path ends in {@code .query}
         * @return this
         */
        public Builder targets(String... names) {
            targets = List.of(names);
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return the settings
         */
        public LoRA build() {
            double times = Double.isNaN(alpha) ? rank : alpha;
            return new LoRA(new LowRankSettings(rank, times, dropout, List.copyOf(targets)));
        }
    }

    /**
     * The rank.
     *
     * @return 1 or more
     */
    public int rank() {
        return settings.rank();
    }

    /**
     * By how much adapters count, times the rank.
     *
     * @return above 0
     */
    public double alpha() {
        return settings.alpha();
    }

    /**
     * What part of the inputs of adapters is dropped in training.
     *
     * @return 0 or more and below 1
     */
    public double dropout() {
        return settings.dropout();
    }

    /**
     * The ends of the paths of the layers that get adapters.
     *
     * @return none for all layers that can have them
     */
    public List<String> targets() {
        return settings.targets();
    }

    /**
     * Puts adapters on layers of a block and freezes everything else in it.
     *
     * @param block a module or a part of it
     * @return the paths of the layers that have adapters now
     * @throws ConfigurationException if a target names no layer, or one that has adapters already, or if there is no layer for
     *     them
     */
    public List<String> applyTo(Block block) {
        Map<String, TorchLayer> chosen = new LinkedHashMap<>();
        Map<String, TorchLayer> all = adaptable(block);
        all.forEach((path, layer) -> {
            if (isTarget(path)) {
                chosen.put(path, layer);
            }
        });
        for (String target : targets()) {
            Require.that(
                    all.keySet().stream().anyMatch(path -> matches(path, target)),
                    "A target of LoRA",
                    "'" + target + "'",
                    "the end of the path of a Linear or MultiheadAttention of " + ClassName.of(block),
                    "there are " + all.keySet());
        }
        if (chosen.isEmpty()) {
            throw new ConfigurationException(ClassName.of(block) + " has no layer for LoRA. Adapters go on"
                    + " io.github.lightning4j.nn.Linear and MultiheadAttention; layers of DJL and TorchScript networks have"
                    + " no place for them.");
        }
        chosen.values().removeIf(layer -> isWithin(layer, chosen));
        chosen.values().forEach(layer -> layer.adapt(settings));
        Map<String, Parameter> adapters = parameters(block);
        block.freezeParameters(true, parameter -> !adapters.containsValue(parameter));
        adapters.values().forEach(parameter -> parameter.freeze(false));
        return List.copyOf(chosen.keySet());
    }

    /** The projection of attention gets its adapters with it. */
    private static boolean isWithin(TorchLayer layer, Map<String, TorchLayer> chosen) {
        return chosen.values().stream()
                .anyMatch(other -> other.getChildren().values().contains(layer));
    }

    private boolean isTarget(String path) {
        return targets().isEmpty() || targets().stream().anyMatch(target -> matches(path, target));
    }

    private static boolean matches(String path, String target) {
        return path.equals(target) || path.endsWith("." + target);
    }

    private static Map<String, TorchLayer> adaptable(Block block) {
        Map<String, TorchLayer> found = new LinkedHashMap<>();
        collect("", block, found);
        return found;
    }

    private static void collect(String path, Block block, Map<String, TorchLayer> found) {
        if (block instanceof TorchLayer layer && layer.isAdaptable() && !found.containsValue(layer)) {
            found.put(path, layer);
        }
        ParameterNames.layers(block)
                .forEach((name, child) -> collect(path.isEmpty() ? name : path + "." + name, child, found));
    }

    /**
     * Makes the adapters of a block a part of its weights and takes them off, so that it computes what it did in eval mode, at
     * the cost of the plain layers. The weights stay frozen.
     *
     * @param block a module or a part of it
     * @throws ConfigurationException if there are no adapters
     */
    public static void merge(Block block) {
        if (of(block).isEmpty()) {
            throw none(block);
        }
        adaptable(block).values().forEach(TorchLayer::mergeAdapter);
    }

    /**
     * The adapters of a block.
     *
     * @param block a module or a part of it
     * @return name and parameter, in the order of the layers; empty if there are none
     */
    public static Map<String, Parameter> parameters(Block block) {
        Map<String, Parameter> adapters = new LinkedHashMap<>();
        List<LowRank> pairs = pairs(block);
        ParameterNames.of(block).forEach(named -> {
            if (pairs.stream().anyMatch(pair -> pair.has(named.getValue()))) {
                adapters.put(named.getKey(), named.getValue());
            }
        });
        return adapters;
    }

    private static List<LowRank> pairs(Block block) {
        List<LowRank> pairs = new ArrayList<>();
        adaptable(block).values().forEach(layer -> {
            LowRank adapter = layer.adapter();
            if (adapter != null) {
                pairs.add(adapter);
            }
        });
        return pairs;
    }

    /**
     * The settings of the adapters of a block.
     *
     * @param block a module or a part of it
     * @return the settings, or nothing if it has no adapters
     * @throws ConfigurationException if it has adapters of several settings
     */
    public static Optional<LoRA> of(Block block) {
        List<LowRankSettings> all =
                pairs(block).stream().map(LowRank::settings).distinct().toList();
        if (all.size() > 1) {
            StringJoiner settings = new StringJoiner(" and ");
            all.forEach(each -> settings.add(each.toString()));
            throw new ConfigurationException(ClassName.of(block) + " has adapters of several settings, " + settings
                    + "; name the part of it that has one of them.");
        }
        return all.stream().findFirst().map(LoRA::new);
    }

    private static ConfigurationException none(Block block) {
        return new ConfigurationException(
                ClassName.of(block) + " has no adapters. Put them on first: LoRA.builder(8).build().applyTo(block).");
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
