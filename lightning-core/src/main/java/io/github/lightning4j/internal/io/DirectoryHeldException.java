package io.github.lightning4j.internal.io;

import java.io.IOException;

/** A directory is locked by somebody else; the message says by whom. */
public final class DirectoryHeldException extends IOException {
    private static final long serialVersionUID = 1L;

    DirectoryHeldException(String holder) {
        super(holder);
    }
}
