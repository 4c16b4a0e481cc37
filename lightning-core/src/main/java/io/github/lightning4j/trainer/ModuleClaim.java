package io.github.lightning4j.trainer;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.internal.name.ClassName;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claim of a thread on a module whose metrics a run uses: those of two runs at once would be mixed. Runs within a run
 * share the thread and so the claim; predictions use no metrics and need none.
 */
final class ModuleClaim implements AutoCloseable {
    private static final Map<LightningModule, Thread> HOLDERS = new IdentityHashMap<>();
    private static final ModuleClaim WITHIN_ANOTHER = new ModuleClaim(null);

    private final @Nullable LightningModule module;

    private ModuleClaim(@Nullable LightningModule module) {
        this.module = module;
    }

    static ModuleClaim take(LightningModule module) {
        synchronized (HOLDERS) {
            Thread holder = HOLDERS.putIfAbsent(module, Thread.currentThread());
            if (holder == null) {
                return new ModuleClaim(module);
            }
            if (holder == Thread.currentThread()) {
                return WITHIN_ANOTHER;
            }
            throw new ConfigurationException(ClassName.of(module) + " is in a run on thread "
                    + holder.getName()
                    + ", and two runs at once would mix its metrics. Wait for it, or give each thread a"
                    + " module of its own; predict can be called from several threads.");
        }
    }

    @Override
    public void close() {
        if (module != null) {
            synchronized (HOLDERS) {
                HOLDERS.remove(module);
            }
        }
    }
}
