package io.github.lightning4j.internal.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/**
 * Turns off DJL's usage tracking even when the user's first call goes to DJL and not to us. DJL makes all its engine
 * providers and then calls home, so a provider is the last chance to speak. It is named, ranked below every other, and
 * answers with the PyTorch engine.
 */
public final class QuietStart implements EngineProvider {
    /** Called by DJL's service loader. */
    public QuietStart() {
        TorchRuntime.keepQuiet();
    }

    @Override
    public String getEngineName() {
        return "Lightning4j";
    }

    @Override
    public int getEngineRank() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Engine getEngine() {
        return Engine.getEngine("PyTorch");
    }
}
