package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StochasticWeightAveragingTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    private static StochasticWeightAveraging.Builder averaging(double... lrs) {
        return StochasticWeightAveraging.builder(lrs).startEpoch(1).annealingEpochs(0);
    }

    /** A layer before a BatchNorm, whose statistics depend on its weights. */
    private static final class Normed extends LightningModule {
        private final SequentialBlock net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(3).build())
                        .add(BatchNorm.builder().build()),
                new Shape(1, TestData.FEATURES));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return loss(batch);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("val_loss", loss(batch));
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            log("test_loss", loss(batch));
        }

        private NDArray loss(Batch batch) {
            return Losses.crossEntropy(
                    forward(batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.2).build();
        }

        private NDArray parameter(int layer, String name) {
            return net.getChildren()
                    .valueAt(layer)
                    .getDirectParameters()
                    .get(name)
                    .getArray();
        }
    }

    private DataLoader classes() {
        return DataLoader.of(data.classes(10), 4);
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "StochasticWeightAveraging",
                CallbackKit.builder(() -> averaging(0.1).startEpoch(0).build())
                        .changesTheRun()
                        .module(Normed::new, classes(), classes())
                        .build()
                        .checks());
    }

    @Test
    void doublePrecision_refreshesStatisticsFromBatchesOfSingle() {
        try (Normed module = new Normed()) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(3)
                    .precision(DataType.FLOAT64)
                    .callbacks(averaging(0.2).build())
                    .build()
                    .fit(module, classes(), classes());
            assertThat(module.parameter(0, "weight").getDataType()).isEqualTo(DataType.FLOAT64);
            assertThat(result.metrics().get("val_loss")).isFinite();
        }
    }

    @Test
    void weightsAtTheEndsOfEpochs_areAveragedEqually_withTheRateOfAveraging() {
        List<Double> validated = new ArrayList<>();
        try (WeightModule module = new WeightModule() {
            @Override
            public void validationStep(Batch batch, int batchIndex) {
                validated.add(value());
            }
        }) {
            Trainers.quiet()
                    .maxEpochs(4)
                    .callbacks(averaging(2).build())
                    .build()
                    .fit(module, data.numbers(1, 1, 2), data.numbers(1, 0));

            // Each epoch takes 3 times the rate: 1, then 2. At the ends of epochs: -3, -9, -15, -21.
            assertThat(validated).containsExactly(-3.0, -9.0, -12.0, -15.0);
            assertThat(module.value()).isEqualTo(-15);
        }
    }

    @Test
    void aFitWithBatchNorm_hasTheEpochsStepsAndHooksOfOneWithoutAveraging() {
        List<String> plain = course();
        List<String> averaged = course(averaging(0.1).build());

        assertThat(averaged).isEqualTo(plain);
        assertThat(plain.get(plain.size() - 1)).isEqualTo("3 epochs, 9 steps, maxEpochs=3 reached");
    }

    private List<String> course(Callback... averaging) {
        List<String> course = new ArrayList<>();
        LambdaCallback noting = LambdaCallback.builder()
                .onTrainEpochStart(run -> course.add("epoch " + run.epoch() + " of " + run.maxEpochs()))
                .onTrainBatchEnd(
                        (run, loss, batch, index) -> course.add("batch " + index + ", step " + run.globalStep()))
                .onValidationEnd(run -> course.add("validated"))
                .build();
        try (Normed module = new Normed()) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(3)
                    .callbacks(averaging)
                    .callbacks(noting)
                    .build()
                    .fit(module, classes(), classes());
            course.add(result.epochs() + " epochs, " + result.globalStep() + " steps, " + result.stopReason());
        }
        return course;
    }

    @Test
    void rates_goFromTheirOwnToThoseOfAveraging() {
        assertThat(rates(StochasticWeightAveraging.Annealing.LINEAR, 0.5))
                .containsExactly(0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5);
        assertThat(rates(StochasticWeightAveraging.Annealing.COS, 0.5).get(2))
                .isCloseTo(0.1 + 0.4 * (1 - Math.cos(Math.PI / 4)) / 2, within(1e-15));
    }

    private List<Double> rates(StochasticWeightAveraging.Annealing annealing, double swaLr) {
        List<Double> rates = new ArrayList<>();
        LambdaCallback noting = LambdaCallback.builder()
                .onTrainBatchEnd((run, loss, batch, index) -> rates.add(
                        round(run.optimizers().get(0).paramGroups().get(0).lr())))
                .build();
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet()
                    .maxEpochs(7)
                    .callbacks(
                            averaging(swaLr)
                                    .annealingEpochs(4)
                                    .annealing(annealing)
                                    .build(),
                            noting)
                    .build()
                    .fit(module, data.regression(4, 4));
        }
        return rates;
    }

    private static double round(double rate) {
        return Math.round(rate * 1e15) / 1e15;
    }

    @Test
    void statisticsOfBatchNorm_areTheMeansOverTheBatches_withTheAveragedWeights() {
        DataLoader train = classes();
        try (Normed module = new Normed()) {
            Trainers.quiet()
                    .maxEpochs(3)
                    .callbacks(averaging(0.2).build())
                    .build()
                    .fit(module, train, classes());

            List<float[]> means = new ArrayList<>();
            List<float[]> variances = new ArrayList<>();
            for (Batch batch : train) {
                try (batch) {
                    NDArray x = batch.getData()
                            .head()
                            .dot(module.parameter(0, "weight").transpose())
                            .add(module.parameter(0, "bias"));
                    NDArray mean = x.mean(new int[] {0});
                    NDArray centred = x.sub(mean);
                    means.add(mean.toFloatArray());
                    variances.add(centred.mul(centred)
                            .sum(new int[] {0})
                            .div(x.getShape().get(0) - 1)
                            .toFloatArray());
                }
            }
            assertMeanOf(means, module.parameter(1, "runningMean"));
            assertMeanOf(variances, module.parameter(1, "runningVar"));
        }
    }

    private static void assertMeanOf(List<float[]> batches, NDArray actual) {
        float[] values = actual.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            int index = i;
            double expected = batches.stream()
                    .mapToDouble(batch -> batch[index])
                    .average()
                    .orElseThrow();
            assertThat(values[i]).isCloseTo((float) expected, within(2e-6f));
        }
    }

    @Test
    void layersThatAreFrozen_keepTheirStatistics() {
        try (Normed module = new Normed()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
            module.freeze(module.net.getChildren().valueAt(1));
            Trainers.quiet()
                    .maxEpochs(2)
                    .callbacks(averaging(0.2).build())
                    .build()
                    .fit(module, classes());

            assertThat(module.parameter(1, "runningMean").toFloatArray()).containsOnly(0f);
            assertThat(module.parameter(1, "runningVar").toFloatArray()).containsOnly(1f);
        }
    }

    @Test
    void whatDoesNotFit_isRefused() {
        refused(new BoringModule(), 3, averaging(0.1, 0.2), "has 2 learning rates, but the optimizer has 1");
        refused(new BoringModule(), -1, StochasticWeightAveraging.builder(0.1), "there is no such limit");
        refused(
                new BoringModule() {
                    @Override
                    public boolean automaticOptimization() {
                        return false;
                    }

                    @Override
                    public OptimizerConfig configureOptimizers() {
                        return OptimizerConfig.of(
                                SGD.builder(parameters()).lr(0.1).build(),
                                SGD.builder(parameters()).lr(0.1).build());
                    }
                },
                3,
                averaging(0.1),
                "the module has 2");
    }

    private void refused(
            LightningModule module, int epochs, StochasticWeightAveraging.Builder builder, String message) {
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .maxEpochs(epochs)
                            .maxSteps(4)
                            .callbacks(builder.build())
                            .build()
                            .fit(module, data.regression(4, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void badOptions_areRefusedAtTheCall() {
        assertThatThrownBy(StochasticWeightAveraging::builder).hasMessageContaining("swaLrs is empty");
        assertThatThrownBy(() -> StochasticWeightAveraging.builder(0)).hasMessageContaining("swaLrs is 0.0");
        assertThatThrownBy(() -> averaging(1).startEpoch(-1)).hasMessageContaining("startEpoch is -1");
        assertThatThrownBy(() -> averaging(1).startFraction(1)).hasMessageContaining("startFraction is 1.0");
        assertThatThrownBy(() -> averaging(1).annealingEpochs(-1)).hasMessageContaining("annealingEpochs is -1");
    }
}
