package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.ExponentialLR;
import io.github.lightning4j.testing.Place;
import io.github.lightning4j.testing.ResumeCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hook changes once for the rest of a run is there after a resume. */
class FineTuningResumeTest {
    private enum Change {
        FREEZE,
        UNFREEZE,
        ADD_GROUP,
        ADD_GROUP_AND_CHANGE_ITS_LR,
        ADD_GROUP_AS_THE_FIT_STARTS,
        ADD_GROUP_ONCE_A_START,
        CHANGE_LR,
        CHANGE_LR_OF_A_SCHEDULE,
        CHANGE_INITIAL_LR_OF_A_SCHEDULE
    }

    /** A backbone and a head whose parameters have equal names; something about them changes as an epoch starts. */
    private static final class FineTuned extends LightningModule {
        private final Change change;
        private final int epoch;
        private final boolean automatic;
        private boolean added;
        private final Block backbone = addChildBlock(
                "backbone",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(6).build())
                        .add(BatchNorm.builder().build()),
                new Shape(1, TestData.FEATURES));
        private final Block head = addChildBlock(
                "head",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(TestData.TARGETS).build()),
                new Shape(1, 6));

        FineTuned(Change change, int epoch, boolean automatic) {
            this.change = change;
            this.epoch = epoch;
            this.automatic = automatic;
            if (change == Change.UNFREEZE || addsGroup()) {
                freeze(backbone);
            }
        }

        private boolean addsGroup() {
            return change.name().startsWith("ADD_GROUP");
        }

        @Override
        public void onFitStart() {
            if (change == Change.ADD_GROUP_AS_THE_FIT_STARTS) {
                addGroup();
            }
        }

        private void addGroup() {
            unfreeze(backbone);
            optimizers().get(0).addParamGroup("back/bone", backbone.getParameters(), Map.of("lr", 0.02));
            added = true;
        }

        @Override
        public boolean automaticOptimization() {
            return automatic;
        }

        @Override
        public void onTrainEpochStart() {
            if (change == Change.ADD_GROUP_ONCE_A_START && run().epoch() >= epoch && !added) {
                addGroup();
            }
            if (run().epoch() != epoch) {
                return;
            }
            Optimizer optimizer = optimizers().get(0);
            switch (change) {
                case FREEZE -> freeze(backbone);
                case UNFREEZE -> unfreeze(backbone);
                case CHANGE_LR, CHANGE_LR_OF_A_SCHEDULE ->
                    optimizer.paramGroups().forEach(group -> group.setLr(0.003));
                case CHANGE_INITIAL_LR_OF_A_SCHEDULE ->
                    optimizer.paramGroups().forEach(group -> group.setInitialLr(0.003));
                case ADD_GROUP, ADD_GROUP_AND_CHANGE_ITS_LR -> addGroup();
                case ADD_GROUP_AS_THE_FIT_STARTS, ADD_GROUP_ONCE_A_START -> {}
            }
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            if (change == Change.ADD_GROUP_AND_CHANGE_ITS_LR && run().epoch() == epoch && batchIndex == 1) {
                optimizers().get(0).paramGroups().get(1).setLr(0.005);
            }
            NDArray output = call(head, call(backbone, batch.getData())).head();
            NDArray loss = Losses.mse(output, batch.getLabels().head());
            if (!automatic) {
                manualStep(loss, batchIndex);
            }
            return loss;
        }

        /** Every second batch, so that gradients wait in between. */
        private void manualStep(NDArray loss, int batchIndex) {
            manualBackward(loss);
            if (batchIndex % 2 == 1) {
                optimizers().get(0).step();
                optimizers().get(0).zeroGrad();
            }
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            Adam.Builder adam = Adam.builder(head.getParameters()).lr(0.01);
            if (addsGroup()) {
                return adam.build();
            }
            Optimizer both = adam.group("back/bone", backbone.getParameters()).build();
            return change.name().endsWith("SCHEDULE")
                    ? both.withScheduler(new ExponentialLR(both, 0.9), Every.steps(1))
                    : both;
        }
    }

    @TestFactory
    Stream<DynamicTest> whatAHookChangedOnce_isResumedExactly() {
        return Stream.of(Change.values())
                .flatMap(change -> Stream.of(0, 1)
                        .flatMap(epoch -> Stream.of(true, false)
                                .flatMap(automatic -> Stream.of(Place.values())
                                        .filter(place -> automatic || place != Place.INSIDE_WINDOW)
                                        .map(place -> test(change, epoch, automatic, place)))));
    }

    private static DynamicTest test(Change change, int epoch, boolean automatic, Place place) {
        String name = change + " in epoch " + epoch + (automatic ? ", automatic, " : ", manual, ") + place;
        return dynamicTest(name, () -> {
            try (TestData data = TestData.open()) {
                ResumeCheck.builder(() -> new FineTuned(change, epoch, automatic), data.regression(20, 4))
                        .places(place)
                        .build()
                        .run();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"FREEZE,frozen", "UNFREEZE,unfrozen"})
    void whatIsFrozenOtherwiseAfterAResume_isSaidByLayer(Change change, String how, @TempDir Path folder) {
        Supplier<Trainer.Builder> trainer =
                () -> Trainers.quiet().enableCheckpointing(true).runDirectory(folder);
        try (TestData data = TestData.open();
                LogLines lines = LogLines.capture()) {
            try (FineTuned module = new FineTuned(change, 0, true)) {
                trainer.get().build().fit(module, data.regression(8, 4));
            }
            try (FineTuned module = new FineTuned(change, 0, true)) {
                trainer.get().maxEpochs(2).build().fit(module, data.regression(8, 4), CkptPath.last());
            }
            assertThat(lines.messages()).contains("resumed: backbone " + how + ", as at step 2");
        }
    }

    /** The group of a layer that is unfrozen or was forgotten to be. */
    private static final class Adding extends BoringModule {
        private final Block extra =
                addChildBlock("extra", Linear.builder().setUnits(2).build(), new Shape(1, 2));
        private final boolean unfreezes;

        Adding(boolean unfreezes) {
            this.unfreezes = unfreezes;
            freeze(extra);
        }

        @Override
        public void onTrainEpochStart() {
            if (run().epoch() == 0) {
                optimizers().get(0).addParamGroup("extra", extra.getParameters(), Map.of());
            }
            if (unfreezes) {
                unfreeze(extra);
            }
        }

        @Override
        public void onTrainEpochEnd() {
            if (run().epoch() == 1) {
                freeze(extra);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void groupThatStaysFrozen_isNamedOnce(boolean unfreezes) {
        try (TestData data = TestData.open();
                Adding module = new Adding(unfreezes);
                LogLines lines = LogLines.capture()) {
            Trainers.quiet().maxEpochs(3).build().fit(module, data.regression(8, 4));

            assertThat(lines.messages().stream()
                            .filter(line -> line.contains("are frozen, so they are not trained"))
                            .toList())
                    .isEqualTo(
                            unfreezes
                                    ? List.of()
                                    : List.of(
                                            "The parameters [extra.weight, extra.bias] of the group 'extra' that was"
                                                    + " added to SGD are frozen, so they are not trained. unfreeze(layer) as well."));
        }
    }

    @Test
    void parametersWithoutAnOptimizer_areNamedOnce() {
        try (TestData data = TestData.open();
                FineTuned module = new FineTuned(Change.ADD_GROUP, 5, true);
                LogLines lines = LogLines.capture()) {
            module.unfreeze();
            Trainers.quiet().maxEpochs(2).build().fit(module, data.regression(8, 4));

            assertThat(lines.messages().stream().filter(line -> line.startsWith("No optimizer has")))
                    .singleElement()
                    .asString()
                    .contains("backbone.0.weight, backbone.0.bias")
                    .contains("addParamGroup");
        }
    }

    @Test
    void frozenParametersWithoutAnOptimizer_areNotMentioned() {
        try (TestData data = TestData.open();
                FineTuned module = new FineTuned(Change.ADD_GROUP, 1, true);
                LogLines lines = LogLines.capture()) {
            Trainers.quiet().maxEpochs(2).build().fit(module, data.regression(8, 4));

            assertThat(lines.messages()).noneMatch(line -> line.startsWith("No optimizer has"));
        }
    }
}
