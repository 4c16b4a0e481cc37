package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import io.github.lightning4j.internal.name.ClassName;
import java.util.function.Consumer;

/**
 * The layers of a module, each refused where it is added if its name cannot be: DJL's own method for adding one is final and
 * takes any name.
 */
final class CheckedLayers extends BlockList {
    private final Block module;
    private final Consumer<Block> further;

    /**
     * Creates the layers of a module.
     *
     * @param further refuses a layer for other reasons than its name
     */
    CheckedLayers(Block module, Consumer<Block> further) {
        this.module = module;
        this.further = further;
    }

    @Override
    public void add(String numberedName, Block layer) {
        Require.given(
                layer,
                "the layer '" + numberedName.substring(Math.min(2, numberedName.length())) + "' of "
                        + ClassName.of(module));
        LayerNames.check(numberedName, module);
        further.accept(layer);
        super.add(numberedName, layer);
    }
}
