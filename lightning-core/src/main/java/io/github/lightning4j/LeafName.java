package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.RecurrentBlock;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What torch calls the parameters of DJL's layers. */
final class LeafName {
    private static final Map<String, String> OF_NORMS =
            Map.of("gamma", "weight", "beta", "bias", "runningMean", "running_mean", "runningVar", "running_var");
    private static final Map<String, String> OF_PRELU = Map.of("alpha", "weight");
    private static final Map<String, String> OF_EMBEDDINGS = Map.of("embedding", "weight");

    /** Direction, layer, whether of the input or of the state before, and weight or bias: {@code l_0_i2h_WEIGHT}. */
    private static final Pattern RECURRENT = Pattern.compile("([lr])_(\\d+)_([ih])2h_(WEIGHT|BIAS)");

    private LeafName() {}

    static String of(Block block, String name) {
        if (block instanceof BatchNorm || block instanceof LayerNorm) {
            return OF_NORMS.getOrDefault(name, name);
        }
        if (block instanceof Prelu) {
            return OF_PRELU.getOrDefault(name, name);
        }
        if (block instanceof Embedding) {
            return OF_EMBEDDINGS.getOrDefault(name, name);
        }
        return block instanceof RecurrentBlock ? ofRecurrent(name) : name;
    }

    private static String ofRecurrent(String name) {
        Matcher parts = RECURRENT.matcher(name);
        if (!parts.matches()) {
            return name;
        }
        return parts.group(4).toLowerCase(Locale.ROOT) + "_" + parts.group(3) + "h_l" + parts.group(2)
                + (parts.group(1).equals("r") ? "_reverse" : "");
    }
}
