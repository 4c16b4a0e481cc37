package io.github.lightning4j;

import ai.djl.nn.UninitializedParameterException;

/** How DJL's failure over a parameter without an array is recognised. */
final class UnmadeParameters {
    private UnmadeParameters() {}

    /** Whether a forward pass failed because parameters were never made. */
    static boolean caused(Throwable failure) {
        return failure instanceof UninitializedParameterException
                || failure.getCause() != null && caused(failure.getCause());
    }
}
