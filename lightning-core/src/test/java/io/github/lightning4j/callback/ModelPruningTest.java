package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ModelPruningTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** Two layers, the second of large weights; trained so slowly that these stay what they are, or fast. */
    private static class Layers extends LightningModule {
        private final Block first =
                addChildBlock("first", Linear.builder().setUnits(2).build(), new Shape(1, TestData.FEATURES));
        private final Block second =
                addChildBlock("second", Linear.builder().setUnits(2).build(), new Shape(1, 2));
        private final double lr;

        Layers(double lr) {
            this.lr = lr;
            initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
            set(first, 1, -2, 3, -4, 0.5f, -0.6f, 0.7f, -0.8f);
            set(second, 10, -20, 30, -40);
        }

        private static NDArray weight(Block layer) {
            return layer.getDirectParameters().get("weight").getArray();
        }

        private static void set(Block layer, float... values) {
            NDArray weight = weight(layer);
            weight.setRequiresGradient(false);
            weight.set(values);
            weight.setRequiresGradient(true);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDList hidden = call(first, batch.getData());
            return Losses.mse(call(second, hidden).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(lr).momentum(0.9).build();
        }

        private float[] first() {
            return weight(first).toFloatArray();
        }

        private float[] second() {
            return weight(second).toFloatArray();
        }
    }

    private Layers pruned(ModelPruning pruning, int epochs) {
        Layers module = new Layers(1e-12);
        Trainers.quiet().maxEpochs(epochs).callbacks(pruning).build().fit(module, data.regression(8, 4));
        return module;
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "ModelPruning",
                CallbackKit.builder(() -> ModelPruning.builder(0.4).build())
                        .changesTheRun()
                        .build()
                        .checks());
    }

    @Test
    void lotteryTicket_addedToARunThatHasBegun_isRefused(@TempDir Path folder) {
        Trainer.Builder trainer = Trainers.quiet().runDirectory(folder).enableCheckpointing(true);
        try (Sum module = new Sum()) {
            trainer.callbacks(ModelPruning.builder(0.25).build()).build().fit(module, ones());
            Trainer with = Trainers.quiet()
                    .runDirectory(folder)
                    .enableCheckpointing(true)
                    .maxEpochs(2)
                    .callbacks(ModelPruning.builder(0.25)
                            .useLotteryTicketHypothesis()
                            .build())
                    .build();
            assertThatThrownBy(() -> with.fit(module, ones(), CkptPath.last()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("start the run anew");
        }
    }

    @Test
    void global_takesTheSmallestOfAllLayers_andOfWhatIsLeftTheNextTime() {
        ModelPruning pruning = ModelPruning.builder(0.5).build();
        try (Layers once = pruned(pruning, 1)) {
            assertThat(zeros(once.first())).isEqualTo(6);
            assertThat(once.first()[2]).isEqualTo(3);
            assertThat(once.first()[3]).isEqualTo(-4);
            assertThat(once.second()).containsExactly(10, -20, 30, -40);
            assertThat(pruning.sparsity()).isEqualTo(0.5);
        }
        try (Layers twice = pruned(pruning, 2)) {
            assertThat(zeros(twice.first())).isEqualTo(8);
            assertThat(zeros(twice.second())).isEqualTo(1);
            assertThat(twice.second()[1]).isEqualTo(-20);
            assertThat(pruning.sparsity()).isEqualTo(0.75);
        }
    }

    private static int zeros(float[] values) {
        int zeros = 0;
        for (float value : values) {
            zeros += value == 0 ? 1 : 0;
        }
        return zeros;
    }

    @Test
    void eachLayer_losesItsShare() {
        try (Layers module = pruned(
                ModelPruning.builder(0.25).scope(ModelPruning.Scope.LAYER).build(), 1)) {
            assertThat(zeros(module.first())).isEqualTo(2);
            assertThat(module.first()[6]).isEqualTo(0.7f);
            assertThat(zeros(module.second())).isEqualTo(1);
            assertThat(module.second()[0]).isZero();
        }
    }

    @Test
    void channels_goAsAWhole_byTheirNorm() {
        try (Layers module = pruned(
                ModelPruning.builder(0.5)
                        .scope(ModelPruning.Scope.CHANNEL)
                        .parameters(name -> name.startsWith("first"))
                        .build(),
                1)) {
            assertThat(module.first()[0]).isEqualTo(1);
            assertThat(zeros(module.first())).isEqualTo(4);
            assertThat(zeros(module.second())).isZero();
        }
    }

    @Test
    void chosenEpochs_pruneAlone_andZerosStayWhileTheOthersAreTrained() {
        List<Integer> zeros = new ArrayList<>();
        List<Float> others = new ArrayList<>();
        try (Layers module = new Layers(1e-4) {
            @Override
            public void onTrainBatchStart(Batch batch, int batchIndex) {
                zeros.add(ModelPruningTest.zeros(super.first()) + ModelPruningTest.zeros(super.second()));
                others.add(super.second()[3]);
            }
        }) {
            Trainers.quiet()
                    .maxEpochs(4)
                    .callbacks(ModelPruning.builder(0.25)
                            .epochs(epoch -> epoch == 1)
                            .build())
                    .build()
                    .fit(module, data.regression(8, 4));
            assertThat(zeros).containsExactly(0, 0, 0, 0, 3, 3, 3, 3);
            assertThat(others).doesNotHaveDuplicates();
        }
    }

    /** Weights 1, -2, 3, -4; each step takes the mean of the data, 1, from each that is left, and from the bias. */
    private static class Sum extends LightningModule {
        private final io.github.lightning4j.nn.Linear layer =
                addChildBlock("layer", new io.github.lightning4j.nn.Linear(4, 1));

        Sum() {
            initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 4));
            Layers.set(layer, 1, -2, 3, -4);
            NDArray bias = layer.getDirectParameters().get("bias").getArray();
            bias.setRequiresGradient(false);
            bias.set(new float[] {5});
            bias.setRequiresGradient(true);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return call(layer, batch.getData()).head().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(1).build();
        }

        private float[] values() {
            float[] weight = Layers.weight(layer).toFloatArray();
            float bias = layer.getDirectParameters().get("bias").getArray().getFloat();
            return new float[] {weight[0], weight[1], weight[2], weight[3], bias};
        }
    }

    private DataLoader ones() {
        return DataLoader.of(TensorDataset.of(data.manager().ones(new Shape(4, 4))), 4);
    }

    @Test
    void lotteryTicket_startsAgainFromTheFirstWeights() {
        List<float[]> starts = new ArrayList<>();
        try (Sum module = new Sum() {
            @Override
            public void onTrainEpochStart() {
                starts.add(super.values());
            }
        }) {
            Trainers.quiet()
                    .maxEpochs(3)
                    .callbacks(ModelPruning.builder(0.25)
                            .epochs(epoch -> epoch < 2)
                            .useLotteryTicketHypothesis()
                            .build())
                    .build()
                    .fit(module, ones());
            assertThat(starts.get(0)).containsExactly(1, -2, 3, -4, 5);
            // 0, -3, 2, -5: the first goes
            assertThat(starts.get(1)).containsExactly(0, -2, 3, -4, 5);
            // 0, -3, 2, -5: of three a quarter is one, the third
            assertThat(starts.get(2)).containsExactly(0, -2, 0, -4, 5);
            assertThat(module.values()).containsExactly(0, -3, 0, -5, 4);
        }
    }

    @Test
    void lotteryTicket_ofChosenEpochs_leavesTheOthersAlone() {
        try (Sum module = new Sum()) {
            Trainers.quiet()
                    .maxEpochs(2)
                    .callbacks(ModelPruning.builder(0.25)
                            .useLotteryTicketHypothesis(epoch -> epoch == 0)
                            .build())
                    .build()
                    .fit(module, ones());
            assertThat(module.values()).containsExactly(0, -3, 0, -5, 4);
        }
    }

    @TestFactory
    Stream<DynamicTest> lotteryTicket_passesAllChecks() {
        return Checks.tests(
                "ModelPruning with lottery tickets",
                CallbackKit.builder(() -> ModelPruning.builder(0.4)
                                .useLotteryTicketHypothesis()
                                .build())
                        .changesTheRun()
                        .build()
                        .checks());
    }

    @Test
    void gradientsOfPrunedWeights_areZeroBeforeTheStep() {
        List<Integer> zeros = new ArrayList<>();
        LambdaCallback watching = LambdaCallback.builder()
                .onBeforeOptimizerStep((run, optimizer) -> zeros.add(zeros(
                        optimizer.gradients().defined().get("first.weight").toFloatArray())))
                .build();
        try (Layers module = new Layers(1e-4)) {
            Trainers.quiet()
                    .maxEpochs(2)
                    .callbacks(ModelPruning.builder(0.25).build(), watching)
                    .build()
                    .fit(module, data.regression(4, 4));
            assertThat(zeros).containsExactly(0, 3);
        }
    }

    @Test
    void ofEqualWeights_thoseThatComeFirstGo() {
        float[] mask = {1, 1, 1, 0, 1};
        new SmallestWeights(0.5).takeOut(Map.of("w", new float[] {1, 1, 1, 0, 1}), Map.of("w", mask));
        assertThat(mask).containsExactly(0, 0, 1, 0, 1);
    }

    @Test
    void nothingToPrune_andBadOptions_areRefused() {
        try (WeightModule module = new WeightModule()) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .callbacks(ModelPruning.builder(0.5).build())
                            .build()
                            .fit(module, data.numbers(1, 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("finds nothing to prune")
                    .hasMessageContaining("[w]");
        }
        assertThatThrownBy(() -> ModelPruning.builder(0)).hasMessageContaining("amount is 0.0");
        assertThatThrownBy(() -> ModelPruning.builder(1.5)).hasMessageContaining("amount is 1.5");
    }
}
