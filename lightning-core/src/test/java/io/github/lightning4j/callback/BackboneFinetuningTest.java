package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.testing.ResumeCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BackboneFinetuningTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** Notes the rates of the groups at the end of each epoch. */
    private static class Transfer extends LightningModule {
        private final Block backbone = addChildBlock(
                "backbone",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(6).build()),
                new Shape(1, TestData.FEATURES));
        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(2).build(), new Shape(1, 6));
        private final List<Map<String, Double>> rates = new ArrayList<>();

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDList logits = call(head, call(backbone, batch.getData()));
            NDArray loss = Losses.crossEntropy(logits.head(), batch.getLabels().head());
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void onTrainEpochEnd() {
            Map<String, Double> now = new LinkedHashMap<>();
            for (ParamGroup group : run().optimizers().get(0).paramGroups()) {
                now.put(group.name(), group.lr());
            }
            rates.add(now);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.04).build();
        }
    }

    private DataLoader train() {
        return DataLoader.of(data.classes(20), 4);
    }

    @Test
    void backbone_isFrozenUntilItsEpoch_andItsRateGrowsToThatOfTheHead() {
        try (Transfer module = new Transfer()) {
            Trainers.quiet()
                    .maxEpochs(6)
                    .callbacks(BackboneFinetuning.builder("backbone")
                            .unfreezeAtEpoch(2)
                            .build())
                    .build()
                    .fit(module, train());
            assertThat(module.rates)
                    .containsExactly(
                            Map.of("pg1", 0.04),
                            Map.of("pg1", 0.04),
                            Map.of("pg1", 0.04, "backbone", 0.04 * 0.1),
                            Map.of("pg1", 0.04, "backbone", 0.04 * 0.1 * 2),
                            Map.of("pg1", 0.04, "backbone", 0.04 * 0.1 * 4),
                            Map.of("pg1", 0.04, "backbone", 0.04 * 0.1 * 8));
        }
        try (Transfer module = new Transfer()) {
            Trainers.quiet()
                    .maxEpochs(4)
                    .callbacks(BackboneFinetuning.builder("backbone")
                            .unfreezeAtEpoch(1)
                            .initialLr(0.01)
                            .lrMultiplier(3)
                            .build())
                    .build()
                    .fit(module, train());
            assertThat(module.rates.get(1)).containsEntry("backbone", 0.01);
            assertThat(module.rates.get(2)).containsEntry("backbone", 0.03);
            assertThat(module.rates.get(3)).containsEntry("backbone", 0.04);
        }
    }

    @Test
    void backbone_keepsItsBitsWhileFrozen_andIsTrainedAfterwards() {
        float[] afterOne = weightAfter(1);
        assertThat(weightAfter(2)).isEqualTo(afterOne);
        assertThat(weightAfter(3)).isNotEqualTo(afterOne);
    }

    private float[] weightAfter(int epochs) {
        try (Transfer module = new Transfer()) {
            Trainers.quiet()
                    .maxEpochs(epochs)
                    .callbacks(BackboneFinetuning.builder("backbone")
                            .unfreezeAtEpoch(2)
                            .build())
                    .build()
                    .fit(module, train());
            return module.backbone.getParameters().valueAt(0).getArray().toFloatArray();
        }
    }

    @Test
    void gradually_unfreezesOneLayerAfterTheOther_theLastFirst() {
        try (Transfer module = new Transfer()) {
            Trainers.quiet()
                    .maxEpochs(6)
                    .callbacks(BackboneFinetuning.builder("backbone")
                            .unfreezeAtEpoch(1)
                            .gradually(2)
                            .lrMultiplier(1)
                            .build())
                    .build()
                    .fit(module, train());
            assertThat(module.rates.stream().map(Map::keySet).map(List::copyOf).toList())
                    .containsExactly(
                            List.of("pg1"),
                            List.of("pg1", "backbone.3"),
                            List.of("pg1", "backbone.3"),
                            List.of("pg1", "backbone.3", "backbone.1"),
                            List.of("pg1", "backbone.3", "backbone.1"),
                            List.of("pg1", "backbone.3", "backbone.1", "backbone.0"));
        }
    }

    @TestFactory
    Stream<DynamicTest> resumedFit_endsBitForBitAsAnUndisturbedOne() {
        return Stream.of(
                        BackboneFinetuning.builder("backbone").unfreezeAtEpoch(1),
                        BackboneFinetuning.builder("backbone")
                                .unfreezeAtEpoch(1)
                                .gradually(1))
                .flatMap(builder -> ResumeCheck.builder(Transfer::new, train())
                        .trainer(trainer -> trainer.callbacks(builder.build()))
                        .build()
                        .checks())
                .map(check -> dynamicTest(check.name(), check::run));
    }

    @Test
    void unknownLayerAndBadOptions_areRefused() {
        try (Transfer module = new Transfer()) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .callbacks(BackboneFinetuning.builder("backbon").build())
                            .build()
                            .fit(module, train()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("no layer 'backbon'")
                    .hasMessageContaining("[backbone, head]");
        }
        BackboneFinetuning.Builder builder = BackboneFinetuning.builder("backbone");
        assertThatThrownBy(() -> builder.unfreezeAtEpoch(0)).hasMessageContaining("unfreezeAtEpoch is 0");
        assertThatThrownBy(() -> builder.gradually(0)).hasMessageContaining("gradually is 0");
        assertThatThrownBy(() -> builder.initialLrRatio(0)).hasMessageContaining("initialLrRatio is 0.0");
        assertThatThrownBy(() -> builder.initialLr(Double.NaN)).hasMessageContaining("initialLr is NaN");
        assertThatThrownBy(() -> builder.lrMultiplier(-1)).hasMessageContaining("lrMultiplier is -1.0");
    }
}
