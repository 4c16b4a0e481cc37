package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.TensorBackend;
import io.github.lightning4j.optim.scheduler.LambdaLR;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** torch's trajectories again, this time by fitting a module: its loss is the sum of weights times given gradients. */
class TrainerTrajectoryTest {
    private final TensorBackend previous = TensorBackend.current();

    @AfterEach
    void restoreBackend() {
        TensorBackend.use(previous);
    }

    static Stream<Arguments> settings() {
        return TorchRun.settings()
                .flatMap(setting -> Stream.of(TensorBackend.values()).map(backend -> Arguments.of(setting, backend)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void fittedWeights_areTorchs(String setting, TensorBackend backend) {
        TensorBackend.use(backend);
        try (TorchRun run = TorchRun.of(setting, DataType.FLOAT32);
                GivenGradients module = new GivenGradients(run);
                NDManager manager = NDManager.newBaseManager()) {
            DataLoader gradients = DataLoader.of(TensorDataset.of(run.allGradients(manager), new NDList()), 1);

            Trainers.quiet().build().fit(module, gradients);

            for (int step = 0; step < TorchRun.STEPS; step++) {
                for (int p = 0; p < module.weights.size(); p++) {
                    double[] expected = run.expected(step, p);
                    double largest =
                            Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    assertThat(module.history.get(step).get(p))
                            .as("parameter %d after step %d", p, step)
                            .containsExactly(expected, within(2e-6 * largest));
                }
            }
        }
    }

    private static final class GivenGradients extends LightningModule {
        private final TorchRun run;
        private final List<Parameter> weights = new ArrayList<>();
        private final List<List<double[]>> history = new ArrayList<>();

        GivenGradients(TorchRun run) {
            this.run = run;
            run.parameters()
                    .list()
                    .forEach(pair -> weights.add(addParameter(Parameter.builder()
                            .setName(pair.getKey())
                            .setType(Parameter.Type.WEIGHT)
                            .optShape(pair.getValue().getArray().getShape())
                            .optInitializer((manager, shape, type) ->
                                    manager.create(pair.getValue().getArray().toFloatArray(), shape))
                            .build())));
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {}

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = batch.getData().get(0).mul(weights.get(0).getArray()).sum();
            for (int i = 1; i < weights.size(); i++) {
                loss = loss.add(
                        batch.getData().get(i).mul(weights.get(i).getArray()).sum());
            }
            return loss;
        }

        @Override
        public void onTrainBatchEnd(NDArray loss, Batch batch, int batchIndex) {
            history.add(weights.stream()
                    .map(weight -> TrainedParameters.numbers(weight.getArray()))
                    .toList());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            Optimizer optimizer = run.newOptimizer(parameters());
            return optimizer.withScheduler(
                    new LambdaLR(optimizer, step -> step < run.halved() ? 1 : 0.5), Every.steps(1));
        }
    }
}
