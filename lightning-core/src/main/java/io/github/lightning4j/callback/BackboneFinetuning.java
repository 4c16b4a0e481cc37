package io.github.lightning4j.callback;

import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the head of a pretrained network first, and its backbone from some epoch on, with a learning rate that begins
 * small and grows to that of the head.
 *
 * <pre>{@code
 * BackboneFinetuning.builder("backbone").unfreezeAtEpoch(3).initialLrRatio(0.1).build()
 * }</pre>
 *
 * <p>The backbone is frozen when the fit starts, before the module configures its optimizers, so that {@code parameters()} is
 * the head. From {@code unfreezeAtEpoch} on its parameters are a group of the first optimizer, named as the layer. The rate of
 * the group is set at the start of each epoch; what a schedule made of it in between is overwritten.
 *
 * <p>What is frozen, the groups and their rates are saved with checkpoints.
 *
 * <p>Source: <a href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.BackboneFinetuning.html">
 * BackboneFinetuning</a> of PyTorch Lightning.
 */
public final class BackboneFinetuning implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(BackboneFinetuning.class);

    private final String backbone;
    private final long unfreezeAtEpoch;
    private final int epochsPerLayer;
    private final double initialLrRatio;
    private final double initialLr;
    private final double lrMultiplier;
    private final boolean align;
    private final Map<String, Double> rates = new LinkedHashMap<>();

    private BackboneFinetuning(Builder builder) {
        backbone = builder.backbone;
        unfreezeAtEpoch = builder.unfreezeAtEpoch;
        epochsPerLayer = builder.epochsPerLayer;
        initialLrRatio = builder.initialLrRatio;
        initialLr = builder.initialLr;
        lrMultiplier = builder.lrMultiplier;
        align = builder.align;
    }

    /**
     * Starts with the layer that is pretrained.
     *
     * @param backbone its path from the module, as in the names of its parameters: {@code "backbone"} or {@code
     *     "net.encoder"}
     * @return the builder
     */
    public static Builder builder(String backbone) {
        return new Builder(backbone);
    }

    /** Builds a {@link BackboneFinetuning}. */
    public static final class Builder {
        private final String backbone;
        private long unfreezeAtEpoch = 10;
        private int epochsPerLayer;
        private double initialLrRatio = 0.1;
        private double initialLr = Double.NaN;
        private double lrMultiplier = 2;
        private boolean align = true;

        private Builder(String backbone) {
            this.backbone = Require.name(backbone, "the backbone of BackboneFinetuning");
        }

        /**
         * Sets from when on the backbone is trained; 10 by default.
         *
         * @param epoch the first epoch in which it is trained, counted from 0; at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder unfreezeAtEpoch(long epoch) {
            unfreezeAtEpoch = Require.atLeast(
                    1,
                    epoch,
                    "BackboneFinetuning unfreezeAtEpoch",
                    "leave the callback out to train it from the start");
            return this;
        }

        /**
         * Unfreezes one layer of the backbone after the other, the last one first, each as a group of its own; by default all
         * are unfrozen at once.
         *
         * @param epochsPerLayer the epochs from one layer to the next, at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder gradually(int epochsPerLayer) {
            this.epochsPerLayer = Require.atLeast(
                    1, epochsPerLayer, "BackboneFinetuning gradually", "leave it out to unfreeze all at once");
            return this;
        }

        /**
         * Sets the first learning rate of the backbone as a share of the head's at that time; 0.1 by default.
         *
         * @param ratio above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder initialLrRatio(double ratio) {
            initialLrRatio = Require.finitePositive(ratio, "BackboneFinetuning initialLrRatio");
            return this;
        }

        /**
         * Sets the first learning rate of the backbone itself, in place of a share of the head's.
         *
         * @param lr above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder initialLr(double lr) {
            initialLr = Require.finitePositive(lr, "BackboneFinetuning initialLr");
            return this;
        }

        /**
         * Sets by what the backbone's learning rate is multiplied in each further epoch; 2 by default.
         *
         * @param factor above 0; 1 keeps the rate
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder lrMultiplier(double factor) {
            lrMultiplier = Require.finitePositive(factor, "BackboneFinetuning lrMultiplier");
            return this;
        }

        /**
         * Says whether the backbone's learning rate stops growing at the head's; on by default.
         *
         * @param value false to let it grow on
         * @return this
         */
        public Builder align(boolean value) {
            align = value;
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public BackboneFinetuning build() {
            return new BackboneFinetuning(this);
        }
    }

    @Override
    public void setup(Run run, Stage stage) {
        rates.clear();
        if (run.isFitting()) {
            run.module().freeze(backbone(run.module()));
        }
    }

    private Block backbone(LightningModule module) {
        Block block = module;
        for (String name : backbone.split("\\.")) {
            Map<String, Block> layers = ParameterNames.layers(block);
            if (!layers.containsKey(name)) {
                throw new ConfigurationException("BackboneFinetuning: " + ClassName.of(module) + " has no layer '"
                        + backbone + "'; where '" + name + "' is looked for there are " + layers.keySet() + ".");
            }
            block = layers.get(name);
        }
        return block;
    }

    @Override
    public void onTrainEpochStart(Run run) {
        if (run.epoch() < unfreezeAtEpoch) {
            return;
        }
        Optimizer optimizer = run.optimizers().get(0);
        double headLr = optimizer.paramGroups().get(0).lr();
        rates.replaceAll((name, lr) -> next(lr, headLr));
        due(run).forEach((name, layer) -> unfreeze(name, layer, run, optimizer, headLr));
        for (ParamGroup group : optimizer.paramGroups()) {
            Double lr = rates.get(group.name());
            if (lr != null) {
                group.setLr(lr);
            }
        }
    }

    private double next(double lr, double headLr) {
        double grown = lr * lrMultiplier;
        return align && grown > headLr ? headLr : grown;
    }

    /** The layers whose turn it is, by the names of their groups. */
    private Map<String, Block> due(Run run) {
        Map<String, Block> due = new LinkedHashMap<>();
        long since = run.epoch() - unfreezeAtEpoch;
        if (epochsPerLayer == 0) {
            due.put(backbone, backbone(run.module()));
        } else {
            List<Map.Entry<String, Block>> layers = layersWithParameters(run.module());
            long count = Math.min(layers.size(), since / epochsPerLayer + 1);
            for (int i = 0; i < count; i++) {
                Map.Entry<String, Block> layer = layers.get(layers.size() - 1 - i);
                due.put(backbone + "." + layer.getKey(), layer.getValue());
            }
        }
        due.keySet().removeAll(rates.keySet());
        return due;
    }

    private List<Map.Entry<String, Block>> layersWithParameters(LightningModule module) {
        List<Map.Entry<String, Block>> layers =
                new ArrayList<>(ParameterNames.layers(backbone(module)).entrySet());
        layers.removeIf(layer -> layer.getValue().getParameters().isEmpty());
        return layers;
    }

    private void unfreeze(String name, Block layer, Run run, Optimizer optimizer, double headLr) {
        LightningModule module = run.module();
        module.unfreeze(layer);
        double lr = Double.isNaN(initialLr) ? headLr * initialLrRatio : initialLr;
        rates.put(name, lr);
        optimizer.addParamGroup(name, trainable(layer), Map.of(ParamGroup.LR, lr));
        LOG.info("epoch {}: '{}' is unfrozen with learning rate {}", run.epoch(), name, lr);
    }

    private static ParameterList trainable(Block layer) {
        ParameterList parameters = new ParameterList();
        ParameterNames.of(layer).forEach(pair -> {
            if (pair.getValue().requiresGradient()) {
                parameters.add(pair);
            }
        });
        return parameters;
    }

    @Override
    public void save(StateWriter state) {
        state.putStrings("groups", List.copyOf(rates.keySet()));
        state.putDoubles(
                "lrs", rates.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public void load(StateReader state) {
        rates.clear();
        List<String> groups = state.getStrings("groups");
        double[] lrs = state.getDoubles("lrs");
        for (int i = 0; i < groups.size(); i++) {
            rates.put(groups.get(i), lrs[i]);
        }
    }
}
