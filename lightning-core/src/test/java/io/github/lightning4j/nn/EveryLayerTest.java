package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.translate.NoopTranslator;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.nn.LayerCases.LayerCase;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every layer there is: it is served by DJL, and trains to the same bits in every process and after a stop. */
class EveryLayerTest {
    private static final int THREADS = 2;

    /** Matrix products round otherwise in memory that lies otherwise. */
    private static final float ROUNDING = 1e-6f;

    @TempDir
    private Path folder;

    @Test
    void everyLayerOfThePackage_hasItsCase() throws Exception {
        assertThat(LayerCases.all().keySet().stream().map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(layersOfThePackage());
    }

    private static Set<String> layersOfThePackage() throws Exception {
        Path classes = Path.of(
                Linear.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> layers = new HashSet<>();
        try (Stream<Path> files =
                Files.list(classes.resolve(Linear.class.getPackageName().replace('.', '/')))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(Linear.class.getPackageName() + "." + name);
                int modifiers = type.getModifiers();
                if (Block.class.isAssignableFrom(type)
                        && Modifier.isPublic(modifiers)
                        && !Modifier.isAbstract(modifiers)) {
                    layers.add(type.getName());
                }
            }
        }
        return layers;
    }

    @TestFactory
    Stream<DynamicTest> everyLayer_isSavedLoadedAndPredictsOnThreads() {
        return LayerCases.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().getSimpleName(), () -> assertServed(entry.getKey(), entry.getValue())));
    }

    private void assertServed(Class<? extends Block> type, LayerCase each) throws Exception {
        TorchRuntime.load();
        try (NDManager manager = NDManager.newBaseManager();
                LayerRun module = new LayerRun(Map.of(type, each));
                LayerRun other = new LayerRun(Map.of(type, each));
                Model model = Model.newInstance("layer", "PyTorch");
                Model loaded = Model.newInstance("layer", "PyTorch")) {
            NDList inputs = each.inputs().apply(manager);
            module.initialize(Device.cpu(), DataType.FLOAT32, inputs.getShapes());
            float[] expected = module.inference().forward(inputs).head().toFloatArray();
            model.setBlock(module);
            model.save(folder, "layer");
            loaded.setBlock(other);
            loaded.load(folder, "layer");

            List<float[]> seen = predictOnThreads(loaded, inputs);
            assertThat(seen).hasSize(THREADS).containsOnly(seen.get(0));
            assertThat(seen.get(0)).containsExactly(expected, within(ROUNDING));
        }
    }

    private static List<float[]> predictOnThreads(Model model, NDList inputs) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<float[]>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(pool.submit(() -> predict(model, inputs)));
            }
            List<float[]> results = new ArrayList<>();
            for (Future<float[]> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            pool.shutdown();
        }
    }

    private static float[] predict(Model model, NDList inputs) throws Exception {
        try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
            predictor.predict(inputs).close();
            try (NDList out = predictor.predict(inputs)) {
                return out.head().toFloatArray();
            }
        }
    }

    @Test
    void everyLayer_inAnotherProcess_andResumedThere_endsBitForBit() throws Exception {
        Path left = folder.resolve("left");
        Path results = folder.resolve("results");
        LayerRun.train(left, 1);

        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LayerRun.class.getName(),
                        left.toString(),
                        folder.resolve("fresh").toString(),
                        results.toString())
                .inheritIO()
                .start();

        List<String> whole = LayerRun.train(folder.resolve("whole"), 2);
        assertThat(process.waitFor()).isZero();
        List<String> twice = new ArrayList<>(whole);
        twice.addAll(whole);
        assertThat(Files.readAllLines(results)).containsExactlyElementsOf(twice);
    }
}
