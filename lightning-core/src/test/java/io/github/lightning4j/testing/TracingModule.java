package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes every hook it is called in, as "{@code M.hook}". */
public class TracingModule extends BoringModule {
    /** The callbacks it brings along. */
    public List<Callback> own = List.of();

    private final List<String> trace;

    public TracingModule(List<String> trace) {
        this.trace = trace;
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        trace.add("M.trainingStep");
        return super.trainingStep(batch, batchIndex);
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        trace.add("M.validationStep");
        super.validationStep(batch, batchIndex);
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        trace.add("M.testStep");
        super.testStep(batch, batchIndex);
    }

    @Override
    public NDList predictStep(Batch batch, int batchIndex) {
        trace.add("M.predictStep");
        return super.predictStep(batch, batchIndex);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        trace.add("M.configureOptimizers");
        return super.configureOptimizers();
    }

    @Override
    public List<Callback> configureCallbacks() {
        trace.add("M.configureCallbacks");
        return own;
    }

    @Override
    public void prepareData() {
        trace.add("M.prepareData");
    }

    @Override
    public void setup(Stage stage) {
        trace.add("M.setup");
    }

    @Override
    public void teardown(Stage stage) {
        trace.add("M.teardown");
    }

    @Override
    public void onFitStart() {
        trace.add("M.onFitStart");
    }

    @Override
    public void onFitEnd() {
        trace.add("M.onFitEnd");
    }

    @Override
    public void onTrainStart() {
        trace.add("M.onTrainStart");
    }

    @Override
    public void onTrainEnd() {
        trace.add("M.onTrainEnd");
    }

    @Override
    public void onTrainEpochStart() {
        trace.add("M.onTrainEpochStart");
    }

    @Override
    public void onTrainEpochEnd() {
        trace.add("M.onTrainEpochEnd");
    }

    @Override
    public void onTrainBatchStart(Batch batch, int batchIndex) {
        trace.add("M.onTrainBatchStart");
    }

    @Override
    public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
        trace.add("M.onTrainBatchEnd");
    }

    @Override
    public void onBeforeZeroGrad(Optimizer optimizer) {
        trace.add("M.onBeforeZeroGrad");
    }

    @Override
    public void onBeforeBackward(NDArray loss) {
        trace.add("M.onBeforeBackward");
    }

    @Override
    public void onAfterBackward() {
        trace.add("M.onAfterBackward");
    }

    @Override
    public void onBeforeOptimizerStep(Optimizer optimizer) {
        trace.add("M.onBeforeOptimizerStep");
    }

    @Override
    public void configureGradientClipping(Optimizer optimizer, double clipValue, GradientClipAlgorithm algorithm) {
        trace.add("M.configureGradientClipping");
        super.configureGradientClipping(optimizer, clipValue, algorithm);
    }

    @Override
    public void onValidationStart() {
        trace.add("M.onValidationStart");
    }

    @Override
    public void onValidationEnd() {
        trace.add("M.onValidationEnd");
    }

    @Override
    public void onValidationEpochStart() {
        trace.add("M.onValidationEpochStart");
    }

    @Override
    public void onValidationEpochEnd() {
        trace.add("M.onValidationEpochEnd");
    }

    @Override
    public void onValidationBatchStart(Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onValidationBatchStart");
    }

    @Override
    public void onValidationBatchEnd(Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onValidationBatchEnd");
    }

    @Override
    public void onTestStart() {
        trace.add("M.onTestStart");
    }

    @Override
    public void onTestEnd() {
        trace.add("M.onTestEnd");
    }

    @Override
    public void onTestEpochStart() {
        trace.add("M.onTestEpochStart");
    }

    @Override
    public void onTestEpochEnd() {
        trace.add("M.onTestEpochEnd");
    }

    @Override
    public void onTestBatchStart(Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onTestBatchStart");
    }

    @Override
    public void onTestBatchEnd(Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onTestBatchEnd");
    }

    @Override
    public void onPredictStart() {
        trace.add("M.onPredictStart");
    }

    @Override
    public void onPredictEnd() {
        trace.add("M.onPredictEnd");
    }

    @Override
    public void onPredictBatchStart(Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onPredictBatchStart");
    }

    @Override
    public void onPredictBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        trace.add("M.onPredictBatchEnd");
    }
}
