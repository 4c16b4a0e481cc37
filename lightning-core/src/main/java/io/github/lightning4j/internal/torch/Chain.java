package io.github.lightning4j.internal.torch;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;

/** Blocks that are nothing but their members, one behind the other. */
public final class Chain {
    private Chain() {}

    /** Whether a block does nothing but call its members one after another. */
    public static boolean isPlain(Block block) {
        return block.getClass() == SequentialBlock.class && !((SequentialBlock) block).isReturnIntermediate();
    }
}
