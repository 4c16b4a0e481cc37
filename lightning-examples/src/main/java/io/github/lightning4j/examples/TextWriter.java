package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Inference;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Seeds.Purpose;
import java.util.Objects;
import java.util.Random;

/** Lets a model write after each epoch: one character after the other, drawn from what it expects next. */
final class TextWriter implements Callback {
    private static final double TEMPERATURE = 0.8;

    private final LitChars module;
    private final Alphabet alphabet;
    private final String start;
    private final int characters;

    /** Lets it go on after a start, which is not shown. */
    TextWriter(LitChars module, Alphabet alphabet, String start, int characters) {
        this.module = module;
        this.alphabet = alphabet;
        this.start = start;
        this.characters = Require.atLeast(1, characters, "--write");
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        double loss = Objects.requireNonNull(run.metrics().get("val_loss"));
        System.out.printf("%nepoch %d, perplexity %.2f, writes:%n", run.epoch(), Math.exp(loss));
        System.out.println(write(new Random(run.seeds().of(Purpose.EVALUATION_STEP, run.epoch(), 0)))
                .indent(4));
    }

    /** How the model goes on after the start. */
    String write(Random random) {
        StringBuilder text = new StringBuilder(start);
        for (int i = 0; i < characters; i++) {
            text.append(alphabet.character(draw(next(text), random)));
        }
        return text.substring(start.length()).strip();
    }

    /** The probabilities of the next character. */
    private float[] next(StringBuilder text) {
        long[] codes = alphabet.encode(text.substring(Math.max(0, text.length() - module.length())));
        try (Inference inference = module.inference()) {
            NDArray logits = inference.forward(inference.manager().create(codes, new Shape(1, codes.length)));
            return logits.get(0, codes.length - 1).div(TEMPERATURE).softmax(0).toFloatArray();
        }
    }

    private static int draw(float[] probabilities, Random random) {
        double left = random.nextDouble();
        for (int i = 0; i < probabilities.length - 1; i++) {
            left -= probabilities[i];
            if (left < 0) {
                return i;
            }
        }
        return probabilities.length - 1;
    }
}
