package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.AnomalyException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The first number that is not finite is found where it came up: planted in batches, layers, losses and gradients. */
class DetectAnomalyTest {
    private static final int LAYERS = 7;

    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void free() {
        manager.close();
    }

    @TestFactory
    Stream<DynamicTest> everyPlantedAnomaly_isNamed() {
        List<Planted> cases = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            cases.add(new Planted("layer", layer, Float.NaN, "the output of net." + layer + " (LambdaBlock)"));
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            cases.add(new Planted(
                    "layer", layer, Float.POSITIVE_INFINITY, "the output of net." + layer + " (LambdaBlock)"));
        }
        cases.add(new Planted("data", 5, Float.NaN, "data.0 of the batch"));
        cases.add(new Planted("data", 0, Float.NEGATIVE_INFINITY, "data.0 of the batch"));
        cases.add(new Planted("labels", 6, Float.NaN, "labels.0 of the batch"));
        cases.add(new Planted("loss", 0, Float.NaN, "the loss"));
        cases.add(new Planted("between", 0, Float.NaN, "the input of head (Linear)"));
        cases.add(new Planted("gradient", 0, Float.NaN, "the gradient of head.weight"));
        assertThat(cases).hasSize(20);
        return cases.stream().map(planted -> DynamicTest.dynamicTest(planted.toString(), () -> assertFound(planted)));
    }

    private void assertFound(Planted planted) {
        Path directory = folder.resolve(planted.toString().replaceAll("\\W+", "-"));
        try (Net module = new Net(planted)) {
            AnomalyException found = catchThrowableOfType(
                    AnomalyException.class,
                    () -> Trainers.quiet()
                            .detectAnomaly(true)
                            .runDirectory(directory)
                            .build()
                            .fit(module, batches(planted)));

            assertThat(found).isNotNull();
            assertThat(found.tensor()).isEqualTo(planted.tensor());
            int at = planted.what().equals("data") || planted.what().equals("labels") ? planted.where() / 4 : 1;
            assertThat(found).hasMessageContaining("in epoch 0, batch " + at);
            assertThat(found.file()).isEqualTo(directory.resolve("anomaly.safetensors"));
            try (WeightsFile file = Checkpoint.openWeights(found.file())) {
                assertThat(file.tensors().keySet()).containsExactlyInAnyOrder("data.0", "labels.0");
            }
        }
    }

    @Test
    void theSamplesOfABatch_areNamed() {
        Planted planted = new Planted("data", 6, Float.NaN, "data.0 of the batch");
        try (Net module = new Net(planted)) {
            AnomalyException found = catchThrowableOfType(
                    AnomalyException.class,
                    () -> Trainers.quiet().detectAnomaly(true).build().fit(module, batches(planted)));

            assertThat(found)
                    .hasMessageContaining("data.0 of the batch is 1 of 12 numbers not finite, first NaN at [2, 0]")
                    .hasMessageContaining("samples [2]")
                    .hasMessageContaining("The run writes no files");
            assertThat(found.file()).isNull();
        }
    }

    @Test
    void aSoundRun_hasTheSameWeights_watchedOrNot() {
        Planted nothing = new Planted("nothing", 0, 0, "");
        String[] sums = new String[2];
        for (int i = 0; i < 2; i++) {
            try (Net module = new Net(nothing)) {
                sums[i] = Trainers.quiet()
                        .detectAnomaly(i == 1)
                        .build()
                        .fit(module, batches(nothing))
                        .weightsSha256();
            }
        }
        assertThat(sums[1]).isEqualTo(sums[0]);
    }

    private DataLoader batches(Planted planted) {
        float[] data = new float[8 * 3];
        Arrays.fill(data, 0.5f);
        float[] labels = new float[8];
        if (planted.what().equals("data")) {
            data[planted.where() * 3] = planted.value();
        }
        if (planted.what().equals("labels")) {
            labels[planted.where()] = planted.value();
        }
        return DataLoader.of(
                TensorDataset.of(manager.create(data, new Shape(8, 3)), manager.create(labels, new Shape(8, 1))), 4);
    }

    /**
     * Where a number is planted that is not finite: from the second batch on, or in a sample.
     *
     * @param tensor what is to be named
     */
    private record Planted(String what, int where, float value, String tensor) {
        @Override
        public String toString() {
            return what + " " + where + " " + value;
        }
    }

    /** A row of layers that pass their input on, each of which can be told to spoil it. */
    private static final class Net extends LightningModule {
        private final Planted planted;
        private final Block net;
        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(1).build(), new Shape(4, 3));
        private int batch = -1;

        Net(Planted planted) {
            this.planted = planted;
            SequentialBlock layers = new SequentialBlock();
            for (int i = 0; i < LAYERS; i++) {
                int layer = i;
                layers.add(new LambdaBlock(
                        inputs -> new NDList(spoil("layer", layer, inputs.head().mul(1)))));
            }
            net = addChildBlock("net", layers, new Shape(4, 3));
        }

        private NDArray spoil(String what, int where, NDArray sound) {
            return batch == 1 && planted.what().equals(what) && planted.where() == where
                    ? sound.mul(planted.value())
                    : sound;
        }

        @Override
        public NDArray trainingStep(Batch given, int batchIndex) {
            batch = batchIndex;
            NDArray features = spoil("between", 0, call(net, input(given)));
            NDArray loss = call(head, Activation.relu(features))
                    .sub(label(given))
                    .square()
                    .mean();
            if (planted.what().equals("gradient") && batchIndex == 1) {
                NDArray zero = loss.sub(loss);
                return loss.add(zero.sqrt());
            }
            return spoil("loss", 0, loss);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }
}
