package io.github.lightning4j.tuner;

/** How a batch size is searched for. */
public enum ScaleMode {
    /** Doubled until memory runs out; the last size that fitted is taken. */
    POWER,
    /** Doubled until memory runs out, then by halves between the last size that fitted and the first that did not. */
    BINSEARCH
}
