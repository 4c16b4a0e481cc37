package io.github.lightning4j.metric;

/** How scores of classes become one number. */
public enum Average {
    /** The counts of all classes are added, and one score is computed from them. */
    MICRO,
    /** The mean of the classes' scores; of several classes one that has neither occurred nor been predicted is left out. */
    MACRO,
    /** The mean of the classes' scores, each weighted by how often it is the label. */
    WEIGHTED,
    /** None: a score for each class. */
    NONE
}
