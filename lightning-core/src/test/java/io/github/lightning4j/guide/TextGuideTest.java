package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.github.lightning4j.Inference;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.LoraFile;
import io.github.lightning4j.checkpoint.ModelExport;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.text.TextDataset;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.nn.BertConfig;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.LoRA;
import io.github.lightning4j.nn.Pooling;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a pretrained file to a served model, as docs/fine-tuning.md tells it. */
class TextGuideTest {
    @TempDir
    private Path folder;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** A folder as Hugging Face has it. */
    @BeforeEach
    void writePretrained() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"hidden_size\": 8, \"num_hidden_layers\": 2, \"num_attention_heads\": 2, \"intermediate_size\": 16,"
                        + " \"vocab_size\": 30, \"initializer_range\": 0.5}");
        try (InputStream in = Objects.requireNonNull(TextDataset.class.getResourceAsStream("tokenizer.json"))) {
            Files.copy(in, folder.resolve("tokenizer.json"));
        }
        BertEncoder encoder = new BertEncoder(BertConfig.read(folder.resolve("config.json")), Pooling.MEAN);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        Weights.exportTorch(encoder, folder.resolve("model.safetensors"));
    }

    private static BertEncoder pretrained(Path folder, NDManager manager) {
        BertEncoder encoder = new BertEncoder(BertConfig.read(folder.resolve("config.json")), Pooling.MEAN);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        try (WeightsFile weights = Checkpoint.openWeights(folder.resolve("model.safetensors"))) {
            weights.restoreInto(
                    encoder, Names.prefix("bert.", ""), Names.skip("pooler\\..*|cls\\..*|embeddings\\.position_ids"));
        }
        return encoder;
    }

    @Test
    void pretrainedFile_becomesAServedModel() throws IOException, MalformedModelException, TranslateException {
        List<String> sentences = IntStream.range(0, 24)
                .mapToObj(i -> String.join(" ", Collections.nCopies(1 + i % 3, i % 2 == 0 ? "the cat" : "a dog")))
                .toList();
        long[] classes = IntStream.range(0, 24).mapToLong(i -> i % 2).toArray();
        Trainer trainer = Trainer.builder()
                .maxEpochs(10)
                .seed(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableCheckpointing(false)
                .loggers()
                .build();
        try (TextTokenizer tokenizer = TextTokenizer.read(folder.resolve("tokenizer.json"))) {
            BertEncoder encoder = pretrained(folder, manager);
            LoRA.builder(4).alpha(8).targets("query", "value").build().applyTo(encoder);
            Topics module = new Topics(encoder, 2);

            TextDataset texts = TextDataset.of(tokenizer, sentences, classes);
            DataLoader loader = DataLoader.builder(texts)
                    .batchSize(4)
                    .shuffle(true)
                    .bucketByLength(texts::length)
                    .build();
            trainer.fit(module, loader);

            float[] before = embeddings(encoder, module, tokenizer);
            LoraFile.save(encoder, folder.resolve("adapters"));
            LoRA.merge(encoder);
            ModelExport.export(module, folder.resolve("served"), "topics");
            assertThat(embeddings(encoder, module, tokenizer)).containsExactly(before, within(1e-5f));
            module.close();

            BertEncoder again = pretrained(folder, manager);
            LoraFile.load(again, folder.resolve("adapters"));
            assertThat(LoRA.parameters(again)).hasSize(8);

            try (Model model = Model.newInstance("topics", "PyTorch")) {
                BertConfig config = BertConfig.read(folder.resolve("config.json"));
                model.setBlock(new Topics(new BertEncoder(config, Pooling.MEAN), 2));
                model.load(folder.resolve("served"), "topics");
                try (Predictor<String, Classifications> predictor =
                        model.newPredictor(new TopicTranslator(tokenizer, List.of("cats", "dogs")))) {
                    assertThat(predictor.predict("the cat the cat").best().getClassName())
                            .isEqualTo("cats");
                    assertThat(predictor.predict("a dog").best().getClassName()).isEqualTo("dogs");
                }
            }
        }
    }

    private float[] embeddings(BertEncoder encoder, Topics module, TextTokenizer tokenizer) {
        try (Inference inference = module.inference()) {
            NDList batch = tokenizer.batch(manager, List.of("the cat", "a dog sat"));
            NDArray embeddings = inference.call(encoder, batch).head();
            return embeddings.toFloatArray();
        }
    }

    private static final class TopicTranslator implements NoBatchifyTranslator<String, Classifications> {
        private final TextTokenizer tokenizer;
        private final List<String> classes;

        TopicTranslator(TextTokenizer tokenizer, List<String> classes) {
            this.tokenizer = tokenizer;
            this.classes = classes;
        }

        @Override
        public NDList processInput(TranslatorContext context, String text) {
            return tokenizer.batch(context.getNDManager(), List.of(text));
        }

        @Override
        public Classifications processOutput(TranslatorContext context, NDList logits) {
            return new Classifications(classes, logits.head().get(0).softmax(0));
        }
    }
}
