package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;

/** libtorch's process-wide random generator. Re-seeding costs about a microsecond, so it is done at every step. */
public final class TorchRandom {
    private TorchRandom() {}

    /**
     * Seeds the generator, as {@code torch.manual_seed}.
     *
     * @param seed any long
     */
    public static void seed(long seed) {
        JniUtils.setSeed(seed);
    }
}
