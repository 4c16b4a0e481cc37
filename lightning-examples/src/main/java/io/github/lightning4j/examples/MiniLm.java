package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.checkpoint.onnx.OnnxWeights;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.nn.BertConfig;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** all-MiniLM-L6-v2, an encoder of sentences, out of the jar that the Maven profile {@code minilm} brings. */
final class MiniLm implements Pretrained {
    /** Of its {@code config.json}, which is not in the jar. */
    private static final BertConfig CONFIG = BertConfig.of(384, 6, 12, 1536, 30522);

    @Override
    public BertEncoder encoder(NDManager manager) throws IOException {
        BertEncoder encoder = new BertEncoder(CONFIG, Pooling.MEAN);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return read("all-minilm-l6-v2.onnx", file -> {
            try (WeightsFile weights = OnnxWeights.open(file)) {
                weights.restoreInto(encoder, Names.skip("embeddings\\.position_ids"));
            }
            return encoder;
        });
    }

    @Override
    public TextTokenizer tokenizer() throws IOException {
        return read("all-minilm-l6-v2-tokenizer.json", TextTokenizer::read);
    }

    private static <T> T read(String name, Function<Path, T> reader) throws IOException {
        try (InputStream in = MiniLm.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new ConfigurationException(
                        "The model all-MiniLM-L6-v2 (83 MB) is not on the class path. Start the"
                                + " example with the Maven profile that brings it: mvn -P minilm ...");
            }
            Path file = Files.createTempFile("minilm", name.substring(name.lastIndexOf('.')));
            try {
                Files.write(file, in.readAllBytes());
                return reader.apply(file);
            } finally {
                Files.delete(file);
            }
        }
    }
}
