package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.trainer.internal.hook.Hook;

/** An entry and where it was made. */
record Logged(Hook hook, int loader, int loaders, String name, LogEntry entry) {
    boolean isAt(Logged other) {
        return hook == other.hook && loader == other.loader && name.equals(other.name);
    }
}
