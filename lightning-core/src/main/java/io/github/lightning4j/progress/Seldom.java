package io.github.lightning4j.progress;

import java.util.function.Supplier;

/** Says something that takes a look at the system to know, and looks once a second at most. */
final class Seldom {
    private static final long SECOND = 1_000_000_000L;

    private final Supplier<String> look;
    private String text = "";
    private long nextLook;
    private boolean looked;

    Seldom(Supplier<String> look) {
        this.look = look;
    }

    String text(long now) {
        if (!looked || now - nextLook >= 0) {
            looked = true;
            nextLook = now + SECOND;
            text = look.get();
        }
        return text;
    }
}
