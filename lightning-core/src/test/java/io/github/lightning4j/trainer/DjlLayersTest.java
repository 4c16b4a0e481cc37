package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv1dTranspose;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.ConstantEmbedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.core.SparseMax;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertMaskedLanguageModelBlock;
import ai.djl.nn.transformer.BertNextSentenceBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.nn.transformer.PointwiseFeedForwardBlock;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer that DJL has: it trains, or it is refused with the name of ours. */
class DjlLayersTest {
    private static final Shape ROWS = new Shape(2, 3);
    private static final Shape SEQUENCES = new Shape(2, 5, 6);
    private static final Shape IMAGES = new Shape(2, 4, 6, 6);

    /** Containers, and what is not made by users. */
    private static final Set<Class<?>> NO_LAYERS =
            Set.of(SequentialBlock.class, ParallelBlock.class, LambdaBlock.class, ConstantEmbedding.class);

    private record Usable(Supplier<Block> make, Shape input) {}

    private static Map<Class<? extends Block>, Usable> usable() {
        Map<Class<? extends Block>, Usable> usable = new LinkedHashMap<>();
        usable.put(Linear.class, new Usable(() -> Linear.builder().setUnits(2).build(), ROWS));
        usable.put(
                LinearCollection.class,
                new Usable(() -> LinearCollection.builder().setUnits(2).build(), SEQUENCES));
        usable.put(
                Multiplication.class,
                new Usable(() -> Multiplication.builder().setUnits(2).build(), ROWS));
        usable.put(SparseMax.class, new Usable(SparseMax::new, ROWS));
        usable.put(Dropout.class, new Usable(() -> Dropout.builder().build(), ROWS));
        usable.put(BatchNorm.class, new Usable(() -> BatchNorm.builder().build(), ROWS));
        usable.put(
                GhostBatchNorm.class, new Usable(() -> GhostBatchNorm.builder().build(), ROWS));
        usable.put(LayerNorm.class, new Usable(() -> LayerNorm.builder().axis(2).build(), SEQUENCES));
        usable.put(
                Conv1d.class,
                new Usable(
                        () -> Conv1d.builder()
                                .setKernelShape(new Shape(2))
                                .setFilters(2)
                                .build(),
                        SEQUENCES));
        usable.put(
                Conv2d.class,
                new Usable(
                        () -> Conv2d.builder()
                                .setKernelShape(new Shape(2, 2))
                                .setFilters(2)
                                .build(),
                        IMAGES));
        usable.put(
                Conv3d.class,
                new Usable(
                        () -> Conv3d.builder()
                                .setKernelShape(new Shape(2, 2, 2))
                                .setFilters(2)
                                .build(),
                        new Shape(2, 2, 4, 4, 4)));
        addSequences(usable);
        return usable;
    }

    private static void addSequences(Map<Class<? extends Block>, Usable> usable) {
        usable.put(
                RNN.class,
                new Usable(
                        () -> RNN.builder()
                                .setStateSize(3)
                                .setNumLayers(1)
                                .setActivation(RNN.Activation.TANH)
                                .build(),
                        SEQUENCES));
        usable.put(
                GRU.class,
                new Usable(() -> GRU.builder().setStateSize(3).setNumLayers(1).build(), SEQUENCES));
        usable.put(
                LSTM.class,
                new Usable(() -> LSTM.builder().setStateSize(3).setNumLayers(1).build(), SEQUENCES));
        usable.put(
                PointwiseFeedForwardBlock.class,
                new Usable(() -> new PointwiseFeedForwardBlock(List.of(4), 3, Activation::relu), SEQUENCES));
        usable.put(
                ScaledDotProductAttentionBlock.class,
                new Usable(
                        () -> ScaledDotProductAttentionBlock.builder()
                                .setEmbeddingSize(6)
                                .setHeadCount(2)
                                .build(),
                        SEQUENCES));
        usable.put(BertNextSentenceBlock.class, new Usable(BertNextSentenceBlock::new, ROWS));
        usable.put(
                IdEmbedding.class,
                new Usable(
                        () -> new IdEmbedding.Builder()
                                .setDictionarySize(5)
                                .setEmbeddingSize(3)
                                .build(),
                        ROWS));
        usable.put(
                TrainableWordEmbedding.class,
                new Usable(
                        () -> new TrainableWordEmbedding(
                                DefaultVocabulary.builder()
                                        .add(List.of("a", "b"))
                                        .optUnknownToken()
                                        .build(),
                                3),
                        ROWS));
    }

    private static Map<Class<? extends Block>, Supplier<Block>> refused() {
        Map<Class<? extends Block>, Supplier<Block>> refused = new LinkedHashMap<>();
        refused.put(
                Conv1dTranspose.class,
                () -> Conv1dTranspose.builder()
                        .setKernelShape(new Shape(2))
                        .setFilters(2)
                        .build());
        refused.put(
                Conv2dTranspose.class,
                () -> Conv2dTranspose.builder()
                        .setKernelShape(new Shape(2, 2))
                        .setFilters(2)
                        .build());
        refused.put(Prelu.class, Prelu::new);
        refused.put(TransformerEncoderBlock.class, () -> new TransformerEncoderBlock(6, 2, 8, 0.1f, Activation::relu));
        BertBlock.Builder bert = BertBlock.builder().nano().setTokenDictionarySize(10);
        refused.put(BertBlock.class, bert::build);
        refused.put(BertPretrainingBlock.class, () -> new BertPretrainingBlock(bert));
        refused.put(
                BertMaskedLanguageModelBlock.class,
                () -> new BertMaskedLanguageModelBlock(bert.build(), Activation::relu));
        return refused;
    }

    @Test
    void everyLayerOfDjl_isKnown() throws Exception {
        Set<Class<?>> known = new HashSet<>(usable().keySet());
        known.addAll(refused().keySet());
        assertThat(layersOfDjl())
                .isNotEmpty()
                .allSatisfy(layer -> assertThat(known).contains(layer));
    }

    private static List<Class<?>> layersOfDjl() throws IOException, URISyntaxException {
        Path jar = Path.of(
                Block.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
                Stream<Path> all = Files.walk(files.getPath("ai/djl/nn"))) {
            return all.map(Path::toString)
                    .filter(name -> name.endsWith(".class"))
                    .<Class<?>>map(name -> load(name.replace(".class", "").replace('/', '.')))
                    .filter(type -> Block.class.isAssignableFrom(type) && Modifier.isPublic(type.getModifiers()))
                    .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                    .filter(type -> !NO_LAYERS.contains(type))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name.startsWith(".") ? name.substring(1) : name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> usableLayers_train() {
        return usable().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey().getSimpleName(), () -> {
                    Usable usable = entry.getValue();
                    boolean tokens = entry.getKey().getSimpleName().endsWith("Embedding");
                    fit(usable.make().get(), usable.input(), tokens ? DataType.INT64 : DataType.FLOAT32);
                }));
    }

    @TestFactory
    Stream<DynamicTest> otherLayers_areRefusedWithTheNameOfOurs() {
        return refused().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().getSimpleName(),
                        () -> assertThatThrownBy(() -> fit(
                                        new SequentialBlock()
                                                .add(entry.getValue().get()),
                                        SEQUENCES,
                                        DataType.FLOAT32))
                                .isInstanceOf(ConfigurationException.class)
                                .hasMessageContaining(entry.getKey().getSimpleName())
                                .hasMessageContaining("io.github.lightning4j.nn.")));
    }

    private static void fit(Block layer, Shape input, DataType type) {
        TorchRuntime.load();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                LightningModule module = new Around(layer)) {
            Trainers.quiet().build().fit(module, () -> {
                NDManager own = manager.newSubManager();
                NDArray data = own.randomUniform(0, 1, input).toType(type, false);
                return List.of(new Batch(own, new NDList(data), new NDList(), 2, null, null, 0, 0))
                        .iterator();
            });
        }
    }

    /** A layer, and one behind it that has something to train in any case. */
    private static final class Around extends LightningModule {
        private final Block net;
        private final Block last = addChildBlock("last", new io.github.lightning4j.nn.PReLU());

        Around(Block layer) {
            net = addChildBlock("net", layer);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray out = call(last, call(net, batch.getData()).head());
            return Losses.mse(out, out.onesLike());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }
}
