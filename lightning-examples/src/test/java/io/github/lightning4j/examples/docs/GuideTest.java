package io.github.lightning4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.data.Splits;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.data.idx.MnistIdx;
import io.github.lightning4j.data.idx.MnistIdx.Part;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.PredictResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's first steps, and holds every Java block of README and guide against sources that are compiled. */
class GuideTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void everyJavaBlock_isPartOfACompiledSource() throws IOException {
        List<String> sources = Stream.of("lightning-core/src", "lightning-examples/src")
                .flatMap(below -> files(ROOT.resolve(below), ".java"))
                .map(GuideTest::withoutSpace)
                .toList();
        List<Path> pages = Stream.concat(Stream.of(ROOT.resolve("README.md")), files(ROOT.resolve("docs"), ".md"))
                .toList();

        assertThat(pages).hasSizeGreaterThan(5);
        for (Path page : pages) {
            BLOCK.matcher(read(page))
                    .results()
                    .forEach(block -> assertThat(sources)
                            .as("a source that holds this block of %s:%n%s", page, block.group(1))
                            .anyMatch(source -> source.contains(squeezed(block.group(1)))));
        }
    }

    @Test
    void firstSteps() throws Exception {
        copyBundledDigits();
        try (NDManager manager = NDManager.newBaseManager();
                LitMnist module = new LitMnist()) {
            TensorDataset digits = MnistIdx.load(manager, folder, Part.TRAIN);
            List<RandomAccessDataset> parts = Splits.randomFractions(digits, 42, 0.9, 0.1);
            DataLoaders loaders = DataLoaders.of(parts.get(0), parts.get(1), 64);

            FitResult first = quietFit(module, loaders);
            assertThat(first.metrics().get("val_acc")).isGreaterThan(0.85);

            Trainer trainer = quiet();
            FitResult result = trainer.fit(module, loaders.train(), loaders.val());
            Map<String, Double> measured = trainer.validate(module, loaders.val());

            try (PredictResult predicted = trainer.predict(module, loaders.val())) {
                NDArray logits = predicted.concat();
                assertThat(logits.getShape().get(1)).isEqualTo(10);
            }
            assertThat(measured.get("val_acc")).isEqualTo(result.metrics().get("val_acc"));

            try (Model model = Model.newInstance("digits")) {
                model.setBlock(module);
                model.save(folder, "digits");
            }
            assertThat(folder.resolve("digits-0000.params")).exists();
        }
    }

    private FitResult quietFit(LitMnist module, DataLoaders loaders) {
        Trainer trainer = quiet();
        return trainer.fit(module, loaders.train(), loaders.val());
    }

    /** As the README has it; five epochs, and files in the current directory, are too much for a test. */
    @SuppressWarnings("unused")
    private static FitResult asInTheReadme(LitMnist module, NDManager manager, Path folder) {
        TensorDataset digits = MnistIdx.load(manager, folder, Part.TRAIN);
        List<RandomAccessDataset> parts = Splits.randomFractions(digits, 42, 0.9, 0.1);
        DataLoaders loaders = DataLoaders.of(parts.get(0), parts.get(1), 64);

        Trainer trainer = Trainer.builder().maxEpochs(5).seed(42).threads(1).build();
        FitResult result = trainer.fit(module, loaders.train(), loaders.val());
        return result;
    }

    private Trainer quiet() {
        return Trainer.builder()
                .maxEpochs(1)
                .seed(42)
                .defaultRootDir(folder)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .build();
    }

    private void copyBundledDigits() throws IOException {
        for (String name : List.of("images-idx3-ubyte.gz", "labels-idx1-ubyte.gz")) {
            String resource = "/io/github/lightning4j/examples/mnist/" + name;
            try (InputStream in = Objects.requireNonNull(GuideTest.class.getResourceAsStream(resource))) {
                Files.copy(in, folder.resolve("train-" + name));
            }
        }
    }

    private static Stream<Path> files(Path below, String extension) {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(file -> file.toString().endsWith(extension)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutSpace(Path file) {
        return squeezed(read(file));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
