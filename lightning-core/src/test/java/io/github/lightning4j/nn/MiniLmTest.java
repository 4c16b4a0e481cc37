package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.checkpoint.onnx.OnnxWeights;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.fixture.MiniLm;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** all-MiniLM-L6-v2 against onnxruntime on the same file. */
class MiniLmTest {
    private static final List<JsonElement> SENTENCES = Reference.load(MiniLmTest.class, "minilm.json")
            .getAsJsonArray("sentences")
            .asList();

    @TempDir
    Path folder;

    @Test
    void sentences_haveTheEmbeddingsOfOnnxruntime() throws IOException {
        Path file = MiniLm.file("all-minilm-l6-v2.onnx", folder);
        BertEncoder encoder = new BertEncoder(MiniLm.CONFIG, Pooling.MEAN);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                WeightsFile weights = OnnxWeights.open(file)) {
            encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            assertThat(weights.restoreInto(encoder, Names.skip("embeddings\\.position_ids"))
                            .matching())
                    .hasSize(101);
            for (int i = 0; i < SENTENCES.size(); i++) {
                JsonObject sentence = SENTENCES.get(i).getAsJsonObject();
                long[] ids = Reference.longs(sentence.get("ids"));
                NDArray texts = manager.create(ids).expandDims(0);

                assertThat(embedding(encoder, manager, new NDList(texts)))
                        .as(sentence.get("text").getAsString())
                        .containsExactly(Reference.floats(sentence.get("embedding")), within(1e-5f));
            }
        }
    }

    @Test
    void tokens_areThoseOfHuggingFace() throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.read(MiniLm.file("all-minilm-l6-v2-tokenizer.json", folder))) {
            assertThat(tokenizer.maxLength()).isEqualTo(128);
            for (JsonElement sentence : SENTENCES) {
                String text = sentence.getAsJsonObject().get("text").getAsString();
                assertThat(tokenizer.encode(List.of(text))[0])
                        .as(text)
                        .containsExactly(
                                Reference.longs(sentence.getAsJsonObject().get("ids")));
            }
        }
    }

    private static float[] embedding(BertEncoder encoder, NDManager manager, NDList inputs) {
        NDArray pooled = encoder.forward(new ModuleParameterStore(manager), inputs, false)
                .head();
        return pooled.normalize(2, 1).toFloatArray();
    }
}
