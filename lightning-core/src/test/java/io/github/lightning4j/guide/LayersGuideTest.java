package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.init.Fan;
import io.github.lightning4j.init.Gain;
import io.github.lightning4j.init.Init;
import io.github.lightning4j.loss.CrossEntropyOptions;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.AttentionInputs;
import io.github.lightning4j.nn.Embedding;
import io.github.lightning4j.nn.Functional;
import io.github.lightning4j.nn.LSTM;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.MultiheadAttention;
import io.github.lightning4j.nn.RecurrentOptions;
import io.github.lightning4j.optim.Adam;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages on layers and losses: their code, and that they name all there are. */
class LayersGuideTest {
    private static final CrossEntropyOptions OPTIONS = CrossEntropyOptions.builder()
            .classAxis(-1)
            .ignoreIndex(-100)
            .labelSmoothing(0.1)
            .build();

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "layers.md");
        GuideBlocks.assertArePartOf(getClass(), "losses.md");
    }

    @Test
    void everyPublicClassOfTheRoom_isNamed() throws IOException, URISyntaxException {
        String page = page("layers.md");
        assertThat(publicClasses(Linear.class))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).containsPattern("`(new )?" + name + "\\b"));
        assertThat(methods(Functional.class))
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void everyLoss_isNamed() throws IOException, URISyntaxException {
        String page = page("losses.md");
        assertThat(methods(Losses.class))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        assertThat(publicClasses(Losses.class))
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("../docs", name));
    }

    private static List<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .distinct()
                .toList();
    }

    private static List<String> publicClasses(Class<?> neighbour) throws IOException, URISyntaxException {
        Path classes = Path.of(
                neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files =
                Files.list(classes.resolve(neighbour.getPackageName().replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$") && !name.equals("package-info"))
                    .filter(name -> isPublic(neighbour.getPackageName() + "." + name))
                    .toList();
        }
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(Class.forName(name).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tagger_trains() {
        NDArray words = manager.ones(new Shape(4, 6), DataType.INT64);
        NDArray lengths = manager.create(new long[] {6, 3, 1, 2});
        NDArray tags = manager.zeros(new Shape(4, 6), DataType.INT64);
        DataLoader loader = DataLoader.of(TensorDataset.of(new NDList(words, lengths), new NDList(tags)), 2);
        try (Tagger tagger = new Tagger()) {
            Trainers.quiet().build().fit(tagger, loader);

            assertThat(tagger.forward(new NDList(words, lengths)).head().getShape())
                    .isEqualTo(new Shape(4, 6, 5));
        }
    }

    static final class Tagger extends LightningModule {
        private final Embedding embedding = addChildBlock("embedding", new Embedding(100, 16));
        private final LSTM rnn = addChildBlock(
                "rnn",
                new LSTM(16, 32, RecurrentOptions.builder().bidirectional().build()));
        private final Linear head = addChildBlock("head", new Linear(64, 5));

        @Override
        public NDList forward(NDList inputs) {
            NDArray embedded = call(embedding, inputs.get(0));
            NDArray states = call(rnn, embedded, inputs.get(1)).head();
            return new NDList(call(head, states));
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.crossEntropy(
                    forward(batch.getData()).head(), batch.getLabels().head(), OPTIONS);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }

    @Test
    void attention_takesMasks() {
        try (Attending module = new Attending()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 1, 4));
            NDArray x = manager.ones(new Shape(2, 3, 4));
            NDArray padding = manager.zeros(new Shape(2, 3), DataType.BOOLEAN);
            NDArray mask = manager.zeros(new Shape(3, 3), DataType.BOOLEAN);

            assertThat(module.attend(x, x, x, padding, mask).getShape()).isEqualTo(new Shape(2, 3, 4));
        }
    }

    private static final class Attending extends LightningModule {
        private final MultiheadAttention attention = addChildBlock("attention", new MultiheadAttention(4, 2));
        private final Embedding embedding = addChildBlock("embedding", new Embedding(7, 4));
        private final Linear head = addChildBlock("head", new Linear(4, 7));
        private final Block conv =
                Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build();

        Attending() {
            addChildBlock("conv", conv, new Shape(1, 1, 5, 5));
            head.tie("weight", embedding.getParameters().get("weight"));
            Init.of(conv, Parameter.Type.WEIGHT, Init.kaimingNormal(Fan.OUT, Gain.relu()));
            Init.of(head.getParameters().get("bias"), Init.constant(-4.6));
        }

        NDArray attend(NDArray query, NDArray key, NDArray value, NDArray padding, NDArray mask) {
            NDArray out = call(
                            attention,
                            AttentionInputs.of(query, key, value)
                                    .keyPadding(padding)
                                    .mask(mask)
                                    .list())
                    .head();
            return out;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            Block net = head;
            NDArray loss = Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
            return loss;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }
}
