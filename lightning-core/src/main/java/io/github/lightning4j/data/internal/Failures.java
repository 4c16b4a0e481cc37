package io.github.lightning4j.data.internal;

import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.FreedMemory;

/** How the failures of users' datasets and transforms read within a message. */
final class Failures {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Failures() {}

    /** The message of one of ours, which is a sentence; class and message of any other. */
    static String text(Exception failure) {
        if (!(failure instanceof DataException) && FreedMemory.caused(failure)) {
            return "an array or manager that it uses is closed; keep the manager it was made on open while it is loaded from";
        }
        String text = failure instanceof DataException ? String.valueOf(failure.getMessage()) : failure.toString();
        return text.contains(BYTE_ORDER_MARK)
                ? text.replace(BYTE_ORDER_MARK, "\\uFEFF")
                        + " (\\uFEFF is a byte order mark, which is invisible: the file begins with one; save it as UTF-8"
                        + " without, or read it through commons-io's BOMInputStream)"
                : text;
    }

    /** The method that DJL's pipeline called when this happened, where that can be told. */
    static String transform(Exception failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        for (int i = 1; i < trace.length; i++) {
            if (trace[i].getClassName().equals("ai.djl.translate.Pipeline")) {
                return trace[i - 1].toString();
            }
        }
        return "a transform";
    }
}
