package io.github.lightning4j.testing;

import io.github.lightning4j.internal.torch.NativeMemory;

/** Native arrays that outlive what made them. */
final class Leaks {
    private Leaks() {}

    /** Does something twice, since what the first time loads for good is no leak. */
    static void expectNone(Check.Body body) throws Exception {
        body.run();
        NativeMemory before = NativeMemory.now();
        body.run();
        NativeMemory after = NativeMemory.now();
        Expect.equal("native arrays left behind", 0, after.arrays() - before.arrays());
        Expect.equal("managers left open", 0, after.managers() - before.managers());
    }
}
