package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.ModelExport;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.PredictResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/native-memory.md, which are parts of this class. */
class NativeMemoryGuideTest {
    @TempDir
    private Path folder;

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "native-memory.md");
    }

    @Test
    void whatIsLeft_whenAllIsClosed() {
        FitResult result;
        PredictResult predicted;
        Trainer trainer = trainer(folder);
        Net module = new Net();
        try (NDManager manager = NDManager.newBaseManager();
                module) {
            DataLoader train = loader(manager);
            result = trainer.fit(module, train);
            predicted = trainer.predict(module, loader(manager));
        }
        assertThat(result.metrics()).containsKey("train_loss");
        try (predicted) {
            assertThat(predicted.concat().getShape()).isEqualTo(new Shape(12, 2));
        }
        assertThatThrownBy(module::inference)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("was closed");
    }

    @Test
    void keptArray_livesFromStepToStep() {
        try (NDManager manager = NDManager.newBaseManager();
                Net module = new Net()) {
            FitResult result = trainer(folder).fit(module, loader(manager));
            assertThat(result.metrics()).containsKey("centre");
        }
    }

    @Test
    void service_trainsAgainAndAgain() {
        Map<String, Double> last = Map.of();
        for (int day = 0; day < 3; day++) {
            last = trainAnew(folder.resolve("day-" + day)).metrics();
        }
        assertThat(last).containsKey("train_loss");
    }

    private static FitResult trainAnew(Path directory) {
        try (NDManager manager = NDManager.newBaseManager();
                Net module = new Net()) {
            DataLoader train = loader(manager);
            return trainer(directory).fit(module, train);
        }
    }

    @Test
    void anotherModule_servesWhileOneIsTrained() throws InterruptedException {
        Path best = trainAnew(folder.resolve("before")).bestCheckpoint();
        try (Net served = new Net()) {
            try (Checkpoint checkpoint = Checkpoint.open(best)) {
                checkpoint.restoreInto(served);
            }
            AtomicBoolean alike = new AtomicBoolean(true);
            float[] first = scores(served);
            Thread requests = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    alike.compareAndSet(true, Arrays.equals(first, scores(served)));
                }
            });
            requests.start();
            trainAnew(folder.resolve("beside"));
            requests.join();
            assertThat(alike).isTrue();
        }
    }

    private static float[] scores(Net served) {
        try (Inference in = served.inference()) {
            return in.forward(in.manager().ones(new Shape(1, 3))).toFloatArray();
        }
    }

    @Test
    void model_leavesAModulesOwnParametersAloneWhenItIsClosed() throws TranslateException {
        try (NDManager manager = NDManager.newBaseManager();
                Net module = new Net()) {
            trainer(folder).fit(module, loader(manager));

            try (Model model = Model.newInstance("served", "PyTorch")) {
                model.setBlock(module);
                try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
                        NDList scores = predictor.predict(new NDList(manager.ones(new Shape(1, 3))))) {
                    assertThat(scores.head().getShape()).isEqualTo(new Shape(1, 2));
                }
            }
            assertThat(scores(module)).hasSize(2);
        }
    }

    @Test
    void weightsThatAModelRead_goWithTheModel() throws Exception {
        try (NDManager manager = NDManager.newBaseManager();
                Net trained = new Net();
                Net read = new Net()) {
            trainer(folder).fit(trained, loader(manager));
            ModelExport.export(trained, folder, "net");
            try (Model model = Model.newInstance("net", "PyTorch")) {
                model.setBlock(read);
                model.load(folder, "net");
                assertThat(scores(read)).isEqualTo(scores(trained));
            }
            assertThatThrownBy(() -> scores(read)).isInstanceOf(RuntimeException.class);
        }
    }

    private static Trainer trainer(Path directory) {
        return Trainers.quiet()
                .maxEpochs(2)
                .enableCheckpointing(true)
                .runDirectory(directory)
                .build();
    }

    private static DataLoader loader(NDManager manager) {
        NDArray classes = manager.create(new long[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
        return DataLoader.of(TensorDataset.of(manager.randomNormal(new Shape(12, 3)), classes), 4);
    }

    private static final class Net extends LightningModule {
        private final Block net =
                addChildBlock("net", Linear.builder().setUnits(2).build());
        private @Nullable NDArray centre;

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            follow(batch.getData().head().mean(new int[] {0}));
            NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
            log("train_loss", loss);
            log("centre", centre.square().sum());
            return loss;
        }

        /** The mean of the inputs so far, older batches counting less. */
        private void follow(NDArray mean) {
            NDArray before = centre;
            if (before == null) {
                centre = keep(mean);
                return;
            }
            centre = keep(before.mul(0.9).add(mean.mul(0.1)));
            before.close();
        }

        @Override
        public void onFitEnd() {
            centre = null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }
}
