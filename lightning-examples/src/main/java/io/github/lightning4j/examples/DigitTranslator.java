package io.github.lightning4j.examples;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.List;

/** Tells a DJL {@code Predictor} how a digit becomes the network's input and its output an answer. */
final class DigitTranslator implements Translator<Digit, Classifications> {
    static final List<String> CLASSES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    @Override
    public NDList processInput(TranslatorContext context, Digit digit) {
        Shape shape = new Shape(1, digit.height(), digit.width());
        return new NDList(context.getNDManager().create(digit.pixels(), shape));
    }

    @Override
    public Classifications processOutput(TranslatorContext context, NDList output) {
        return new Classifications(CLASSES, output.head().softmax(0));
    }
}
