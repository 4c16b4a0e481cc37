package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.progress.ProgressBar;
import io.github.lightning4j.summary.ModelSummary;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CallbackKitTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    private static final Map<String, Supplier<Callback>> OURS = new TreeMap<>(Map.of(
            "ModelSummary", () -> new ModelSummary(2, NOWHERE),
            "ProgressBar", () -> ProgressBar.plain(NOWHERE),
            "LearningRateMonitor, each step",
                    () -> LearningRateMonitor.everyStep().withMomentum(),
            "LearningRateMonitor, each epoch", LearningRateMonitor::everyEpoch));

    @TestFactory
    Stream<DynamicTest> ours_passAllChecks() {
        return OURS.entrySet().stream()
                .flatMap(each -> Checks.tests(each.getKey(), CallbackKit.checks(each.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> earlyStopping_passesAllChecks() {
        return Checks.tests(
                "EarlyStopping",
                CallbackKit.builder(() ->
                                EarlyStopping.builder("val_loss").patience(2).build())
                        .beside(() -> EarlyStopping.builder("train_loss").build())
                        .build()
                        .checks());
    }

    @TestFactory
    Stream<DynamicTest> modelCheckpoint_passesAllChecks() {
        return Checks.tests(
                "ModelCheckpoint",
                CallbackKit.builder(() -> ModelCheckpoint.builder()
                                .monitor("val_loss")
                                .saveTopK(2)
                                .saveLast(true)
                                .build())
                        .beside(() ->
                                ModelCheckpoint.builder().everyNTrainSteps(2).build())
                        .build()
                        .checks());
    }

    @Test
    void callbackThatForgetsItsCount_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Counting() {
                    @Override
                    public void load(StateReader state) {
                        state.getLong("count");
                    }
                }),
                "gets back the state it saved \\| .* 'count' differs: 7 was expected, but it is 0",
                "interrupted after its first batch \\| .* 'callbacks/.*/count' differs: 10 was expected, but it is 9",
                "interrupted inside its second epoch \\| ",
                "interrupted inside an accumulation window \\| ",
                "interrupted at the end of its first epoch \\| ");
    }

    @Test
    void callbackThatDoesNotReadItsState_isRefused() {
        Stream<Check> checks = CallbackKit.checks(() -> new Counting() {
            @Override
            public void load(StateReader state) {}
        });
        assertThat(checks.filter(check -> check.name().startsWith("gets back")))
                .singleElement()
                .satisfies(check -> assertThatThrownBy(check::run).hasMessageContaining("/count'"));
    }

    @Test
    void callbackThatDrawsFromTheRunsGenerator_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Counting() {
                    @Override
                    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                        run.module().getParameters().valueAt(0).getArray().muli(1.001);
                    }
                }),
                "leaves the weights as they are without it \\| .* 'model/.*' differs: .* at element 0 of");
    }

    @Test
    void callbackThatIsAllowedToChangeTheRun_isNotComplainedAbout() throws Exception {
        Checks.assertFailures(CallbackKit.builder(() -> new Counting() {
                    @Override
                    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                        run.module().getParameters().valueAt(0).getArray().muli(1.001);
                    }
                })
                .changesTheRun()
                .build()
                .checks());
    }

    @Test
    void callbackThatKeepsOnCounting_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Counting() {
                    @Override
                    public void setup(Run run, Stage stage) {}
                }),
                "starts anew after a run that failed \\| .*/count' differs: 10 was expected, but it is 1[0-9]");
    }

    @Test
    void callbackThatChangesResults_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Counting() {
                    @Override
                    public void onTestBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {
                        batch.getData().head().muli(2);
                    }
                }),
                "works in validate, test and predict \\| .* 'test/test_loss' differs");
    }

    @Test
    void callbackThatLeaks_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Counting() {
                    private @Nullable NDArray kept;

                    @Override
                    public void onFitStart(Run run) {
                        kept = NDManager.newBaseManager().zeros(new Shape(1));
                    }
                }),
                "frees native memory \\| native arrays left behind: 0 was expected, but it is 1");
    }

    @Test
    void callbackWithAnotherKeyEachTime_isCaught() throws Exception {
        Checks.assertFailures(
                CallbackKit.checks(() -> new Callback() {
                    @Override
                    public String stateKey() {
                        return "at " + System.identityHashCode(this);
                    }
                }),
                "has one state key \\| The state key of a second instance");
    }

    /** Counts batches, as a good callback would. */
    private static class Counting implements Callback {
        private long count;

        @Override
        public void setup(Run run, Stage stage) {
            count = 0;
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            count++;
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("count", count);
        }

        @Override
        public void load(StateReader state) {
            count = state.getLong("count");
        }
    }
}
