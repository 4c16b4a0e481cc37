package io.github.lightning4j.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** One of every layer of the package, with dropout where it has some, and inputs for it. */
final class LayerCases {
    private LayerCases() {}

    /** A layer and its inputs. */
    record LayerCase(Supplier<Block> make, Function<NDManager, NDList> inputs) {}

    static Map<Class<? extends Block>, LayerCase> all() {
        Map<Class<? extends Block>, LayerCase> all = new LinkedHashMap<>();
        addSimple(all);
        addSequences(all);
        addImages(all);
        return all;
    }

    private static void addSimple(Map<Class<? extends Block>, LayerCase> all) {
        all.put(Linear.class, of(() -> new Linear(3, 2), 4, 3));
        all.put(
                Embedding.class,
                new LayerCase(
                        () -> Embedding.withPadding(5, 3, 0),
                        manager -> new NDList(manager.create(new long[] {0, 4, 2}))));
        all.put(
                BertEncoder.class,
                new LayerCase(
                        () -> new BertEncoder(BertConfig.of(4, 2, 2, 3, 5).withDropout(0.2), Pooling.MEAN),
                        manager -> new NDList(manager.create(new long[] {0, 4, 2, 1}, new Shape(2, 2)))));
        all.put(LayerNorm.class, of(() -> new LayerNorm(3), 2, 3));
        all.put(RMSNorm.class, of(() -> new RMSNorm(1e-6, 3), 2, 3));
        all.put(GroupNorm.class, of(() -> new GroupNorm(2, 4), 2, 4, 3));
        all.put(InstanceNorm.class, of(() -> new InstanceNorm(3), 2, 3, 4));
        all.put(PReLU.class, of(() -> new PReLU(3), 2, 3));
        all.put(SpectralNorm.class, of(() -> new SpectralNorm(new Linear(3, 2)), 4, 3));
        all.put(WeightNorm.class, of(() -> new WeightNorm(new Linear(3, 2)), 4, 3));
        all.put(
                TorchScriptBlock.class,
                new LayerCase(LayerCases::scripted, manager -> new NDList(manager.randomNormal(new Shape(6, 4)))));
    }

    private static void addSequences(Map<Class<? extends Block>, LayerCase> all) {
        RecurrentOptions deep = RecurrentOptions.builder()
                .layers(2)
                .bidirectional()
                .dropout(0.2)
                .build();
        TransformerOptions options =
                TransformerOptions.builder().feedforward(5).dropout(0.2).build();
        all.put(LSTM.class, of(() -> new LSTM(2, 3, deep), 3, 4, 2));
        all.put(GRU.class, of(() -> new GRU(2, 3, deep), 3, 4, 2));
        all.put(RNN.class, of(() -> new RNN(2, 3, deep), 3, 4, 2));
        all.put(MultiheadAttention.class, of(() -> new MultiheadAttention(6, 2, 0.2), 2, 4, 6));
        all.put(TransformerEncoderLayer.class, of(() -> new TransformerEncoderLayer(6, 2, options), 2, 4, 6));
        all.put(TransformerEncoder.class, of(() -> new TransformerEncoder(2, 6, 2, options), 2, 4, 6));
        all.put(TransformerDecoderLayer.class, pair(() -> new TransformerDecoderLayer(6, 2, options)));
        all.put(TransformerDecoder.class, pair(() -> new TransformerDecoder(2, 6, 2, options)));
        all.put(SinusoidalPositionalEncoding.class, of(() -> new SinusoidalPositionalEncoding(6), 2, 4, 6));
        all.put(LearnedPositionalEncoding.class, of(() -> new LearnedPositionalEncoding(5, 6), 2, 4, 6));
    }

    private static void addImages(Map<Class<? extends Block>, LayerCase> all) {
        all.put(ConvTranspose1d.class, of(() -> new ConvTranspose1d(2, 3, 3), 2, 2, 4));
        all.put(ConvTranspose2d.class, of(() -> new ConvTranspose2d(2, 3, 3, 2, 1, 1), 2, 2, 4, 3));
        all.put(PixelShuffle.class, of(() -> new PixelShuffle(2), 2, 8, 2, 3));
        all.put(Upsample.class, of(() -> Upsample.bilinear(2), 2, 2, 2, 3));
    }

    private static LayerCase of(Supplier<Block> make, long... shape) {
        return new LayerCase(
                make, manager -> new NDList(manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT32)));
    }

    private static LayerCase pair(Supplier<Block> make) {
        return new LayerCase(
                make,
                manager ->
                        new NDList(manager.randomNormal(new Shape(2, 3, 6)), manager.randomNormal(new Shape(2, 4, 6))));
    }

    private static Block scripted() {
        try {
            Path file = Path.of(Objects.requireNonNull(LayerCases.class.getResource("backbone.pt"))
                    .toURI());
            return TorchScriptBlock.load(file, Device.cpu());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
