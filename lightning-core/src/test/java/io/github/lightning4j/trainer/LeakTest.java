package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.Malloc;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.optim.DjlOptimizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Native memory after every entry point is what it was before, apart from the module's parameters and buffers and a result
 * not yet closed; after the module is closed it is exactly what it was.
 */
class LeakTest {
    private static final int PARAMETERS_OF_BORING = 2;
    private static final int PARAMETERS_OF_NOISY = 8;

    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.builder(data.classes(30))
            .batchSize(8)
            .shuffle(true)
            .workers(1)
            .build();
    private final DataLoader val = DataLoader.of(data.classes(12), 8);
    private final DataLoader regression = data.regression(24, 4);
    private NativeMemory before = NativeMemory.now();

    /** What the first fit of a process loads for good shall not count. */
    @BeforeEach
    void warmUp() {
        try (NoisyModule module = new NoisyModule()) {
            Trainers.quiet().gradientClipVal(1).accumulateGradBatches(2).build().fit(module, train, val);
        }
        before = NativeMemory.now();
    }

    @AfterEach
    void free() {
        data.close();
    }

    // ---- entry points

    @Test
    void fit_withEverythingOn() {
        NoisyModule module = new NoisyModule();

        Trainers.quiet()
                .maxEpochs(3)
                .numSanityValSteps(2)
                .accumulateGradBatches(2)
                .gradientClipVal(0.5)
                .valCheckInterval(Every.epochFraction(0.5))
                .logEveryNSteps(1)
                .loggers(new CsvLogger())
                .enableCheckpointing(true)
                .build()
                .fit(module, train, val);

        leavesOnlyTheModule(module, PARAMETERS_OF_NOISY);
    }

    @Test
    void fit_inDoublePrecisionWithAnOptimizerOfDjl() {
        BoringModule module = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return DjlOptimizer.of(
                        ai.djl.training.optimizer.Optimizer.adam()
                                .optLearningRateTracker(Tracker.fixed(0.1f))
                                .build(),
                        parameters());
            }
        };

        Trainers.quiet().maxEpochs(2).build().fit(module, regression);

        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    @Test
    void fit_onADatasetOfDjl() {
        BoringModule module = new BoringModule();
        ai.djl.training.dataset.ArrayDataset dataset = data.djl(24, 5, true);
        before = NativeMemory.now();

        Trainers.quiet().maxEpochs(2).build().fit(module, dataset, dataset);

        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    @Test
    void secondFit_ofTheSameModule() {
        BoringModule module = new BoringModule();
        Trainer trainer = Trainers.quiet().build();
        trainer.fit(module, regression);
        trainer.fit(module, regression);

        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void evaluations(boolean trainedBefore) {
        BoringModule module = new BoringModule();
        Trainer trainer = Trainers.quiet().build();
        if (trainedBefore) {
            trainer.fit(module, regression);
        }

        trainer.validate(module, regression, regression);
        trainer.test(module, regression);
        PredictResult result = trainer.predict(module, regression);

        assertThat(result.batches()).hasSize(6);
        assertThat(NativeMemory.now().arrays()).isEqualTo(before.arrays() + PARAMETERS_OF_BORING + 6);
        result.concat();
        result.close();
        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    // ---- exceptions

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setup",
                "trainingStep",
                "afterForward",
                "validationStep",
                "onTrainBatchEnd",
                "configureOptimizers"
            })
    void fit_thatFails(String place) {
        Failing module = new Failing(place);

        assertThatThrownBy(() -> Trainers.quiet()
                        .accumulateGradBatches(2)
                        .numSanityValSteps(place.equals("validationStep") ? 1 : 0)
                        .build()
                        .fit(module, train, val))
                .hasMessage("mine");

        leavesOnlyTheModule(module, place.equals("setup") ? 0 : PARAMETERS_OF_NOISY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"validationStep", "testStep", "predictStep"})
    void evaluation_thatFails(String place) {
        Failing module = new Failing(place);
        Trainer trainer = Trainers.quiet().build();

        assertThatThrownBy(() -> {
                    switch (place) {
                        case "validationStep" -> trainer.validate(module, val);
                        case "testStep" -> trainer.test(module, val);
                        default -> trainer.predict(module, val);
                    }
                })
                .hasMessage("mine");

        leavesOnlyTheModule(module, PARAMETERS_OF_NOISY);
    }

    @Test
    void fit_ofDataThatDoesNotFit() {
        BoringModule module = new BoringModule();
        NDArray wrong = data.manager().ones(new Shape(4));
        before = NativeMemory.now();

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, DataLoader.of(TensorDataset.of(wrong), 2)));

        module.close();
        assertThat(NativeMemory.now()).isEqualTo(before);
    }

    @Test
    void aBatchLookedAtForItsShapes_isFreedIfTheRunEndsBeforeIt() {
        Failing module = new Failing("configureOptimizers");
        NativeMemory empty = before;
        List<Batch> batches = data.batches(new float[] {1, 2, 3, 4});
        Iterable<Batch> once = batches::iterator;
        Trainer trainer = Trainers.quiet().build();

        assertThatThrownBy(() -> trainer.fit(module, once)).hasMessage("mine");

        assertThat(NativeMemory.now().arrays()).isEqualTo(empty.arrays() + PARAMETERS_OF_NOISY);
        module.close();
        assertThat(NativeMemory.now()).isEqualTo(empty);
    }

    // ---- what users leave behind

    enum Habit {
        PARAMETER_AS_FIRST_OPERAND,
        UNCLOSED_GRADIENT,
        OPEN_SCOPE,
        DETACHED_ARRAY,
        ATTACHED_ELSEWHERE,
        OPEN_SUB_MANAGER,
        ARRAY_FROM_NUMBERS,
        KEPT_ARRAY
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void habitsThatLeakInDjl_leaveNothingBehind(Habit habit) {
        Leaking module = new Leaking(habit, data.manager());
        Arrays counts = new Arrays();

        Trainers.quiet().maxEpochs(4).callbacks(counts).build().fit(module, regression);

        if (habit != Habit.KEPT_ARRAY) {
            assertThat(counts.afterEachBatch.subList(1, 24)).containsOnly(counts.afterEachBatch.get(1));
        }
        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    @Test
    void keptArrays_liveAsLongAsTheRun() {
        Keeping module = new Keeping();

        Trainers.quiet().build().fit(module, regression);

        assertThat(module.sums).hasSize(6).allMatch(sum -> sum > 0);
        assertThat(module.kept.isReleased()).isTrue();
        leavesOnlyTheModule(module, PARAMETERS_OF_BORING);
    }

    // ---- the allocator

    @Test
    void manyFits_doNotGrowTheHeapOfTheProcess() {
        Assumptions.assumeTrue(Malloc.allocated() >= 0);
        DataLoader large = DataLoader.of(data.classes(40_000), 20_000);
        leastAllocatedDuring(10, large);
        long start = leastAllocatedDuring(10, large);

        leastAllocatedDuring(40, large);

        // A hidden layer of a batch takes 1.28 MB: one left behind by each fit would be over 50 MB. Java's compiler
        // uses
        // some too.
        assertThat(leastAllocatedDuring(10, large) - start).isLessThan(16 << 20);
    }

    private static long leastAllocatedDuring(int fits, DataLoader loader) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < fits; i++) {
            try (NoisyModule module = new NoisyModule()) {
                Trainer trainer = Trainers.quiet().gradientClipVal(1).build();
                trainer.fit(module, loader, loader);
                trainer.predict(module, loader).close();
            }
            System.gc(); // malloc also counts Java's direct buffers, which a collection frees
            least = Math.min(least, Malloc.allocated());
        }
        return least;
    }

    private void leavesOnlyTheModule(LightningModule module, int parameters) {
        NativeMemory after = NativeMemory.now();
        assertThat(after.arrays()).as("arrays").isEqualTo(before.arrays() + parameters);
        assertThat(after.managers()).as("managers").isLessThanOrEqualTo(before.managers() + 1);
        module.close();
        assertThat(NativeMemory.now()).isEqualTo(before);
    }

    /** Counts live arrays after every batch. */
    private static final class Arrays implements Callback {
        final List<Integer> afterEachBatch = new ArrayList<>();

        @Override
        public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
            afterEachBatch.add(NativeMemory.now().arrays());
        }
    }

    /** Throws somewhere. */
    private static final class Failing extends NoisyModule {
        private final String place;

        Failing(String place) {
            this.place = place;
        }

        private void maybeFail(String here, int batchIndex) {
            if (here.equals(place) && batchIndex != 0) {
                throw new IllegalStateException("mine");
            }
        }

        @Override
        public void setup(io.github.lightning4j.Stage stage) {
            maybeFail("setup", -1);
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            maybeFail("trainingStep", batchIndex);
            NDArray loss = super.trainingStep(batch, batchIndex);
            maybeFail("afterForward", batchIndex);
            return loss;
        }

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            maybeFail("onTrainBatchEnd", batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            super.validationStep(batch, batchIndex);
            maybeFail("validationStep", -1);
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            call(net, batch.getData());
            maybeFail("testStep", batchIndex);
        }

        @Override
        public NDList predictStep(Batch batch, int batchIndex) {
            NDList output = super.predictStep(batch, batchIndex);
            maybeFail("predictStep", batchIndex);
            return output;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            OptimizerConfig config = super.configureOptimizers();
            maybeFail("configureOptimizers", -1);
            return config;
        }
    }

    /** Leaves arrays behind in every step. */
    private static final class Leaking extends BoringModule {
        private final Habit habit;
        private final NDManager elsewhere;

        Leaking(Habit habit, NDManager elsewhere) {
            this.habit = habit;
            this.elsewhere = elsewhere;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = super.trainingStep(batch, batchIndex);
            NDArray weight = layer.getParameters().get("weight").getArray();
            switch (habit) {
                case PARAMETER_AS_FIRST_OPERAND -> {
                    return loss.add(weight.square().sum().mul(0.01));
                }
                case UNCLOSED_GRADIENT -> weight.getGradient().square().sum();
                case OPEN_SCOPE -> {
                    NDScope scope = new NDScope();
                    scope.suppressNotUsedWarning();
                    weight.mul(2);
                }
                case DETACHED_ARRAY -> batch.getData().head().mul(2).detach();
                case ATTACHED_ELSEWHERE -> batch.getData().head().mul(2).attach(elsewhere);
                case OPEN_SUB_MANAGER ->
                    batch.getData().getManager().newSubManager().ones(new Shape(3));
                case ARRAY_FROM_NUMBERS -> {
                    NDArray numbers = elsewhere.create(new float[] {1, 2, 3}).toType(DataType.FLOAT32, false);
                    return loss.add(numbers.mul(0).sum());
                }
                case KEPT_ARRAY -> keep(weight.mul(2));
                default -> throw new IllegalStateException();
            }
            return loss;
        }
    }

    /** Keeps a running sum over the batches. */
    private static final class Keeping extends BoringModule {
        final List<Float> sums = new ArrayList<>();

        @Nullable
        NDArray kept;

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            NDArray sum = batch.getData().head().square().sum();
            NDArray previous = kept;
            kept = keep(previous == null ? sum : previous.add(sum));
            if (previous != null) {
                previous.close();
            }
            sums.add(kept.getFloat());
        }
    }
}
