package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.Metric;
import io.github.lightning4j.checkpoint.StateCopy;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A stretch of a run that is not to be heard of: nothing is logged in it, and metrics are as before when it ends. */
public final class Silence implements AutoCloseable {
    private final Runnable end;
    private final Map<Metric, StateCopy> before = new LinkedHashMap<>();

    Silence(Collection<Metric> metrics, Runnable end) {
        this.end = end;
        for (Metric metric : metrics) {
            StateTreeWriter state = new StateTreeWriter();
            metric.save(state);
            before.put(metric, new StateCopy(state));
        }
    }

    @Override
    public void close() {
        before.forEach((metric, state) -> {
            metric.load(state.reader());
            state.close();
        });
        end.run();
    }
}
