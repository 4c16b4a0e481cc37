package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained module is a DJL block: Model and Predictor take it as it is. */
class DjlInteroperationTest {
    private final TestData data = TestData.open();

    @TempDir
    Path folder;

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void aTrainedModule_goesThroughModelSaveAndLoadIntoFourPredictors() throws Exception {
        DataLoader samples = DataLoader.of(data.classes(32), 8);
        Trainer trainer = Trainers.quiet().maxEpochs(3).build();
        try (WithBuffer trained = new WithBuffer();
                WithBuffer loaded = new WithBuffer();
                Model model = Model.newInstance("noisy", "PyTorch")) {
            trainer.fit(trained, samples, samples);
            trained.seen.addi(7);
            save(trained);

            model.setBlock(loaded);
            model.load(folder, "noisy");

            assertThat(Weights.of(loaded)).isEqualTo(Weights.of(trained));
            assertThat(loaded.buffers().get("seen").getArray().toFloatArray()).containsExactly(7);
            assertThat(model.describeInput().values()).containsExactly(new Shape(8, TestData.FEATURES));
            try (PredictResult expected = trainer.predict(trained, samples)) {
                float[] bits = expected.concat().toFloatArray();
                for (float[] predicted : fourPredictors(model)) {
                    assertThat(predicted).containsExactly(bits);
                }
            }
        }
    }

    private void save(NoisyModule trained) throws IOException {
        try (Model model = Model.newInstance("noisy", "PyTorch")) {
            model.setBlock(trained);
            model.save(folder, "noisy");
        }
    }

    private List<float[]> fourPredictors(Model model) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            Callable<float[]> task = () -> predictAll(model);
            List<float[]> results = new ArrayList<>();
            for (Future<float[]> future : executor.invokeAll(List.of(task, task, task, task))) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    private float[] predictAll(Model model) throws TranslateException {
        try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray all = data.classes(32).getByRange(manager, 0, 32).getData().head();
            List<Float> outputs = new ArrayList<>();
            for (int from = 0; from < 32; from += 8) {
                try (NDList output = predictor.predict(new NDList(all.get(from + ":" + (from + 8))))) {
                    for (float value : output.head().toFloatArray()) {
                        outputs.add(value);
                    }
                }
            }
            float[] values = new float[outputs.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = outputs.get(i);
            }
            return values;
        }
    }

    @Test
    void closingAModel_leavesATrainedModuleUsable() throws IOException {
        DataLoader samples = DataLoader.of(data.classes(8), 8);
        Trainer trainer = Trainers.quiet().build();
        try (NoisyModule trained = new NoisyModule()) {
            trainer.fit(trained, samples);
            Map<String, Long> weights = Weights.of(trained);

            save(trained);

            assertThat(Weights.of(trained)).isEqualTo(weights);
            trainer.predict(trained, samples).close();
        }
    }

    @Test
    void aModuleLoadedByAModel_trainsOn() throws IOException, MalformedModelException {
        DataLoader samples = DataLoader.of(data.classes(32), 8);
        Trainer trainer = Trainers.quiet().maxEpochs(2).build();
        try (NoisyModule trained = new NoisyModule();
                NoisyModule loaded = new NoisyModule();
                Model model = Model.newInstance("noisy", "PyTorch")) {
            trainer.fit(trained, samples);
            save(trained);
            model.setBlock(loaded);
            model.load(folder, "noisy");

            trainer.fit(trained, samples);
            trainer.fit(loaded, samples);

            assertThat(Weights.of(loaded)).isEqualTo(Weights.of(trained));
        }
    }

    /** Has a buffer of its own. */
    private static final class WithBuffer extends NoisyModule {
        private final NDArray seen;

        WithBuffer() {
            try (NDManager manager = NDManager.newBaseManager()) {
                seen = buffer("seen", manager.zeros(new Shape(1)));
            }
        }
    }
}
