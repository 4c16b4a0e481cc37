package io.github.lightning4j.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.LogBook;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a step pays for hooks that nobody overrides, and for logging under a name that is known. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class HookBenchmark {
    /** How many callbacks there are, of which none overrides a hook. */
    @Param({"0", "20"})
    public int callbacks;

    private final LogOptions options = LogOptions.defaults();
    private NDManager manager;
    private Mlp module;
    private Hooks hooks;
    private LogBook book;
    private Batch batch;
    private NDArray loss;
    private Optimizer optimizer;

    /** Makes what a step has at hand. */
    @Setup
    public void open() {
        TorchRuntime.load();
        manager = NDManager.newBaseManager(Device.cpu());
        module = new Mlp();
        loss = manager.ones(new Shape());
        NDList data = new NDList(manager.ones(new Shape(4, 2)));
        batch = new Batch(manager, data, data, 4, Batchifier.STACK, Batchifier.STACK, 0, 1);
        optimizer = Adam.builder(module.parameters()).build();
        book = new LogBook(false, Map::of);
        hooks = new Hooks(
                module,
                Stream.<Callback>generate(() -> new Callback() {})
                        .limit(callbacks)
                        .toList(),
                book);
        hooks.showing(null);
        book.inside(Hook.TRAINING_STEP);
        book.startBatch(64);
    }

    /** Frees it. */
    @TearDown
    public void close() {
        module.close();
        manager.close();
    }

    /** All hooks of a step. */
    @Benchmark
    public void step() {
        hooks.on(Hook.ON_TRAIN_BATCH_START).batch(batch, 1).call();
        hooks.on(Hook.ON_BEFORE_ZERO_GRAD).optimizer(optimizer).call();
        hooks.on(Hook.ON_BEFORE_BACKWARD).loss(loss).call();
        hooks.on(Hook.ON_AFTER_BACKWARD).call();
        hooks.on(Hook.ON_BEFORE_OPTIMIZER_STEP).optimizer(optimizer).call();
        hooks.on(Hook.ON_TRAIN_BATCH_END).loss(loss).batch(batch, 1).call();
        book.inside(Hook.TRAINING_STEP);
    }

    /** A number. */
    @Benchmark
    public void logNumber() {
        book.log("train_loss", 0.5, options);
    }

    /** An array of one element, which is read. */
    @Benchmark
    public void logArray() {
        book.log("train_loss", loss, options);
    }
}
