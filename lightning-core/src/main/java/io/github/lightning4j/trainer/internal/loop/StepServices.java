package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Metric;
import io.github.lightning4j.ModuleHost;
import io.github.lightning4j.Run;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.run.StepOutputs;
import io.github.lightning4j.trainer.internal.step.Optimization;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a module can call in its steps and hooks. */
final class StepServices implements ModuleHost {
    private final Run run;
    private final LogBook book;
    private final StepOutputs outputs;
    private final boolean detectsAnomalies;
    private @Nullable Optimization optimization;

    StepServices(Run run, LogBook book, StepOutputs outputs, boolean detectsAnomalies) {
        this.detectsAnomalies = detectsAnomalies;
        this.run = run;
        this.book = book;
        this.outputs = outputs;
    }

    void optimizeBy(Optimization value) {
        optimization = value;
    }

    @Override
    public Run run() {
        return run;
    }

    @Override
    public void log(String name, NDArray value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void log(String name, double value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void log(String name, Metric value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void logItem(String name, Supplier<? extends LogItem> item) {
        run.logItem(name, item);
    }

    @Override
    public void outputs(NDList computed) {
        outputs.add(computed);
    }

    @Override
    public boolean detectsAnomalies() {
        return detectsAnomalies;
    }

    @Override
    public void manualBackward(NDArray loss, BackwardGraph graph) {
        if (optimization == null) {
            throw new ConfigurationException(
                    "Backward was called in a run that does not train. Call it in trainingStep.");
        }
        optimization.backward(loss, graph);
    }
}
