package io.github.lightning4j.progress;

import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Run;
import java.util.Locale;
import java.util.StringJoiner;

/** The learning rates of a run in words. */
final class LearningRates {
    private LearningRates() {}

    /** The rate, of several each with its name. */
    static String text(Run run) {
        int count = run.optimizers().stream()
                .mapToInt(optimizer -> optimizer.paramGroups().size())
                .sum();
        StringJoiner text = new StringJoiner(", ");
        for (Optimizer optimizer : run.optimizers()) {
            for (ParamGroup group : optimizer.paramGroups()) {
                String name = optimizer.paramGroups().size() == 1 ? optimizer.name() : group.name();
                text.add((count == 1 ? "" : name + " ") + String.format(Locale.ROOT, "%.3e", group.lr()));
            }
        }
        return text.toString();
    }
}
