package io.github.lightning4j;

import ai.djl.nn.Block;

/**
 * A {@link Block} whose parameters have the shapes that its constructor was told, as torch's layers have: whatever input shapes
 * {@code initialize} is given, it makes the same parameters. A module need not declare the inputs of such a layer.
 */
public interface KnowsShapes {

    /**
     * Whether the shapes are known, for a layer around another.
     *
     * @return true by default
     */
    default boolean knowsShapes() {
        return true;
    }
}
