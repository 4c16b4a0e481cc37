package io.github.lightning4j.metric;

/** What is classified. */
enum Task {
    /** Each element is positive or not. */
    BINARY,
    /** Each sample has one class of several. */
    MULTICLASS,
    /** Each sample has any number of labels. */
    MULTILABEL
}
