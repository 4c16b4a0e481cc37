package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Inference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on the beginning of its text. */
class CharTransformerTest {
    @TempDir
    Path folder;

    @Test
    void twoEpochs_teachMoreThanHowOftenEachCharacterIs() throws IOException {
        Path text = beginning(16_000);

        Outcome outcome = Outcome.of(
                "char-transformer",
                "--text",
                text.toString(),
                "--epochs",
                "2",
                "--write",
                "40",
                "--batch-size",
                "8",
                "--seed",
                "1",
                "--output",
                folder.resolve("run").toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).containsSubsequence("epoch 0, perplexity", "writes:", "epoch 1, perplexity");
        TextSource source = TextSource.of(text);
        NGrams single = new NGrams(1, Alphabet.of(source.whole()).size(), source.train());
        assertThat(outcome.number("transformer")).isLessThan(0.8 * single.perplexity(source.test()));
        assertThat(outcome.number("2-grams")).isLessThan(single.perplexity(source.test()));
    }

    @Test
    void anInterruptedRun_endsWhereAnUninterruptedOneEnds() throws IOException {
        Path text = beginning(3_000);

        Outcome whole = small(text, "whole");
        Outcome first = small(text, "parts", "--interrupt-at", "1");
        Outcome second = small(text, "parts", "--resume");

        assertThat(whole.exitCode()).isZero();
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(Outcome.weights(folder.resolve("parts"))).isEqualTo(Outcome.weights(folder.resolve("whole")));
        assertThat(written(second)).isEqualTo(written(whole));
    }

    /** What the second epoch wrote. */
    private static String written(Outcome outcome) {
        String out = outcome.out();
        int start = out.indexOf("epoch 1, perplexity");
        return out.substring(start, out.indexOf("Epoch 2/2", start));
    }

    @Test
    void whatComesLater_changesNothingBefore() {
        try (LitChars module = new LitChars(new LitChars.Config(5, 8, 16, 2, 4, 1e-3, 10))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 8));

            float[] one = logits(module, 0, 1, 2, 3, 4, 0, 1, 2);
            float[] other = logits(module, 0, 1, 2, 3, 4, 4, 4, 4);

            assertThat(Arrays.copyOf(other, 25)).containsExactly(Arrays.copyOf(one, 25), within(1e-6f));
            assertThat(other[25]).isNotCloseTo(one[25], within(1e-6f));
        }
    }

    private static float[] logits(LitChars module, long... codes) {
        try (Inference inference = module.inference()) {
            return inference
                    .forward(inference.manager().create(codes, new Shape(1, codes.length)))
                    .toFloatArray();
        }
    }

    @Test
    void countedPairs_areSmoothedByWittenAndBell() {
        NGrams pairs = new NGrams(2, 2, "abab");

        assertThat(pairs.probability("", 'a')).isCloseTo(0.5, within(1e-12));
        assertThat(pairs.probability("a", 'b')).isCloseTo(2.5 / 3, within(1e-12));
        assertThat(pairs.probability("a", 'a')).isCloseTo(0.5 / 3, within(1e-12));
        assertThat(pairs.perplexity("ab")).isCloseTo(1 / Math.sqrt(0.5 * 2.5 / 3), within(1e-12));
    }

    @Test
    void theJargonFile_isCutInItsOrder() throws IOException {
        TextSource text = TextSource.of(null);

        assertThat(text.train()).startsWith(":abbrev: ").hasSize(159_136);
        assertThat(text.val()).hasSize(19_892);
        assertThat(text.whole()).hasSize(198_923).matches(Pattern.compile("[\\x20-\\x7e\\n]*"));
    }

    private Outcome small(Path text, String run, String... more) {
        String[] args = {
            "char-transformer",
            "--text",
            text.toString(),
            "--epochs",
            "2",
            "--write",
            "40",
            "--seed",
            "3",
            "--output",
            folder.resolve(run).toString()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Outcome.of(all);
    }

    private Path beginning(int characters) throws IOException {
        return Files.writeString(
                folder.resolve("text"), TextSource.of(null).whole().substring(0, characters));
    }
}
