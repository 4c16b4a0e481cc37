package io.github.lightning4j.metric;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** The scores of one class, of samples that have it and of samples that do not, in the form that its curves need. */
interface ScoreColumn {
    void add(double score, boolean positive);

    /** Adds all of a column of the same form. */
    void addAll(ScoreColumn other);

    Cuts cuts();

    void reset();

    void save(StateWriter state);

    void load(StateReader state);
}
