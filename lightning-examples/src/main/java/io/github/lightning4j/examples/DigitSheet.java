package io.github.lightning4j.examples;

import ai.djl.modality.Classifications;
import io.github.lightning4j.plot.ImageGrid;
import java.util.List;
import java.util.Locale;

/** A picture of digits, each with what it was taken for; where that is wrong it is marked. */
final class DigitSheet {
    private static final int COLUMNS = 5;
    private static final int SIDE = 112;

    private DigitSheet() {}

    static ImageGrid of(List<Digit> digits, List<Classifications> answers) {
        ImageGrid.Builder sheet = ImageGrid.builder(COLUMNS).side(SIDE);
        for (int i = 0; i < digits.size(); i++) {
            add(sheet, digits.get(i), answers.get(i).best());
        }
        return sheet.build();
    }

    private static void add(ImageGrid.Builder sheet, Digit digit, Classifications.Classification answer) {
        String caption =
                String.format(Locale.ROOT, "%s  %.1f %%", answer.getClassName(), 100 * answer.getProbability());
        if (answer.getClassName().equals(Integer.toString(digit.label()))) {
            sheet.add(digit.image(), caption);
        } else {
            sheet.addMarked(digit.image(), caption + ", is " + digit.label());
        }
    }
}
