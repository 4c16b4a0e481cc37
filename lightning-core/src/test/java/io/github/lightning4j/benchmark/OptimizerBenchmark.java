package io.github.lightning4j.benchmark;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.torch.TensorBackend;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.AdamW;
import io.github.lightning4j.optim.SGD;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times one optimizer step, zeroing of the gradients included, against DJL's own optimizer through its {@code
 * Trainer.step()}, and against our fallback without libtorch's foreach kernels. They take turns of ten steps, so that what
 * else the machine does meets them alike; medians of a step are reported.
 *
 * <p>Run it with one thread: {@code OMP_NUM_THREADS=1 java -cp <test class path>
 * io.github.lightning4j.benchmark.OptimizerBenchmark}.
 */
public final class OptimizerBenchmark {
    private static final Logger LOGGER = LoggerFactory.getLogger(OptimizerBenchmark.class);
    private static final int TURN = 10;
    private static final int WARMUP = 100;
    private static final int ROUNDS = 300;

    private OptimizerBenchmark() {}

    /**
     * Runs all comparisons.
     *
     * @param args ignored
     */
    public static void main(String[] args) {
        Tracker fixed = Tracker.fixed(1e-3f);
        compare(
                "Adam, 50 layers Linear(64) = 100 tensors",
                OptimizerBenchmark::layers,
                ai.djl.training.optimizer.Optimizer.adam()
                        .optLearningRateTracker(fixed)
                        .build(),
                parameters -> Adam.builder(parameters).build());
        compare(
                "AdamW, 20 tensors of 65,536",
                OptimizerBenchmark::bigTensors,
                ai.djl.training.optimizer.Optimizer.adamW()
                        .optLearningRateTracker(fixed)
                        .build(),
                parameters -> AdamW.builder(parameters).build());
        compare(
                "SGD with momentum, 50 layers Linear(64) = 100 tensors",
                OptimizerBenchmark::layers,
                ai.djl.training.optimizer.Optimizer.sgd()
                        .setLearningRateTracker(fixed)
                        .optMomentum(0.9f)
                        .build(),
                parameters -> SGD.builder(parameters).momentum(0.9).build());
        compare(
                "SGD with momentum, 20 tensors of 65,536",
                OptimizerBenchmark::bigTensors,
                ai.djl.training.optimizer.Optimizer.sgd()
                        .setLearningRateTracker(fixed)
                        .optMomentum(0.9f)
                        .build(),
                parameters -> SGD.builder(parameters).momentum(0.9).build());
    }

    private static void compare(
            String title,
            Supplier<Block> net,
            ai.djl.training.optimizer.Optimizer djl,
            Function<PairList<String, Parameter>, Optimizer> make) {
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(djl);
        try (Model model = Model.newInstance("djl");
                Trainer trainer = trainer(model, net.get(), config);
                NDManager manager = NDManager.newBaseManager()) {
            Optimizer fast = ours(net.get(), manager, make, TensorBackend.SCRIPTED);
            Optimizer plain = ours(net.get(), manager, make, TensorBackend.PLAIN);
            Runnable fastStep = () -> stepAndZero(fast);
            Runnable plainStep = () -> stepAndZero(plain);
            double[][] micros = new double[3][ROUNDS];
            for (int i = -WARMUP; i < ROUNDS; i++) {
                double theirs = time(trainer::step, TURN);
                double ours = time(fastStep, TURN);
                double fallback = time(plainStep, 1);
                if (i >= 0) {
                    micros[0][i] = theirs;
                    micros[1][i] = ours;
                    micros[2][i] = fallback;
                }
            }
            double theirs = median(micros[0]);
            double ours = median(micros[1]);
            double fallback = median(micros[2]);
            LOGGER.info(String.format(
                    Locale.ROOT,
                    "%-55s DJL %7.0f us, ours %6.0f us = %.2f x, fallback %7.0f us = %.2f x",
                    title,
                    theirs,
                    ours,
                    ours / theirs,
                    fallback,
                    fallback / theirs));
            fast.close();
            plain.close();
        }
    }

    private static void stepAndZero(Optimizer optimizer) {
        optimizer.step();
        optimizer.zeroGrad();
    }

    private static double time(Runnable action, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            action.run();
        }
        return (System.nanoTime() - start) / 1e3 / times;
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Trainer trainer(Model model, Block net, DefaultTrainingConfig config) {
        model.setBlock(net);
        Trainer trainer = model.newTrainer(config);
        trainer.initialize(new Shape(4, 64));
        try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(output(net, trainer.getManager(), new ParameterStore(trainer.getManager(), false)));
        }
        return trainer;
    }

    private static Optimizer ours(
            Block net,
            NDManager manager,
            Function<PairList<String, Parameter>, Optimizer> make,
            TensorBackend backend) {
        net.initialize(manager, DataType.FLOAT32, new Shape(4, 64));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(output(net, manager, new ParameterStore(manager, false)));
        }
        TensorBackend.use(backend);
        Optimizer optimizer = make.apply(net.getParameters());
        stepAndZero(optimizer);
        return optimizer;
    }

    private static NDArray output(Block net, NDManager manager, ParameterStore store) {
        try (NDScope scope = new NDScope()) {
            NDArray input = manager.randomNormal(new Shape(4, 64));
            NDArray sum = net.forward(store, new NDList(input), true).head().sum();
            NDScope.unregister(sum);
            scope.suppressNotUsedWarning();
            return sum;
        }
    }

    private static Block layers() {
        SequentialBlock net = new SequentialBlock();
        for (int i = 0; i < 50; i++) {
            net.add(Linear.builder().setUnits(64).build());
        }
        return net;
    }

    private static Block bigTensors() {
        return new Tensors(20, 65_536);
    }

    /** Parameters that are summed up, to have gradients without the cost of matrix products. */
    private static final class Tensors extends AbstractBlock {
        private final Parameter[] parameters;

        Tensors(int count, int size) {
            parameters = new Parameter[count];
            for (int i = 0; i < count; i++) {
                parameters[i] = addParameter(Parameter.builder()
                        .setName("w" + i)
                        .setType(Parameter.Type.BIAS)
                        .optShape(new Shape(size))
                        .build());
            }
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            NDArray total = inputs.head().sum();
            for (Parameter parameter : parameters) {
                NDArray weight = store.getValue(parameter, total.getDevice(), training);
                total = total.add(weight.sum());
            }
            return new NDList(total);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return new Shape[] {new Shape()};
        }
    }
}
