package io.github.lightning4j.nn;

import java.util.List;

/** How adapters are made, and on which layers. */
record LowRankSettings(int rank, double alpha, double dropout, List<String> targets) {

    double scale() {
        return alpha / rank;
    }

    @Override
    public String toString() {
        return "LoRA of rank " + rank + ", alpha " + alpha + ", dropout " + dropout + ", on "
                + (targets.isEmpty() ? "all layers" : targets);
    }
}
