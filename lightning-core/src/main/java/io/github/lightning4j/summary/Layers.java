package io.github.lightning4j.summary;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ParameterNames;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists the layers below a block down to a depth, each before those within it, then the parameters of its own. */
final class Layers {
    private final List<Layer> found = new ArrayList<>();
    private final Map<Block, String> names = new IdentityHashMap<>();
    private final @Nullable Map<Block, List<LayerCall>> calls;
    private final Modes modes;

    private Layers(Modes modes, @Nullable LayerCall pass) {
        this.modes = modes;
        this.calls = pass == null ? null : new IdentityHashMap<>();
        if (pass != null) {
            remember(pass);
        }
    }

    static List<Layer> below(Block block, int depth, Modes modes, @Nullable LayerCall pass) {
        Layers layers = new Layers(modes, pass);
        layers.collect(block, "", depth);
        List<Parameter> own = block.getDirectParameters().values();
        ParameterTotals others = ParameterTotals.of(block, own);
        if (depth > 0 && others.total() > 0) {
            layers.found.add(Layer.others(others));
        }
        return layers.found;
    }

    private void remember(LayerCall call) {
        if (calls != null) {
            calls.computeIfAbsent(call.layer(), layer -> new ArrayList<>()).add(call);
        }
        call.inner().forEach(this::remember);
    }

    private void collect(Block block, String path, int depth) {
        if (depth == 0) {
            return;
        }
        ParameterNames.layers(block).forEach((own, layer) -> {
            String name = path + own;
            String first = names.putIfAbsent(layer, name);
            if (first != null) {
                found.add(Layer.repeated(name, first));
                return;
            }
            Layer described = Layer.of(name, layer, modes.evaluates(layer) ? "eval" : "train");
            found.add(calls == null ? described : described.called(calls.getOrDefault(layer, List.of())));
            collect(layer, name + ".", depth - 1);
        });
    }
}
