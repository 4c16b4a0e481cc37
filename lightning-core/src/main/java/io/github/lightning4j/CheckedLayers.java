package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import io.github.lightning4j.internal.name.ClassName;

/**
 * The layers of a module, each refused where it is added if its name cannot be: DJL's own method for adding one is final and
 * takes any name.
 */
final class CheckedLayers extends BlockList {
    private final Block module;

    CheckedLayers(Block module) {
        this.module = module;
    }

    @Override
    public void add(String numberedName, Block layer) {
        Require.given(
                layer,
                "the layer '" + numberedName.substring(Math.min(2, numberedName.length())) + "' of "
                        + ClassName.of(module));
        LayerNames.check(numberedName, module);
        super.add(numberedName, layer);
    }
}
