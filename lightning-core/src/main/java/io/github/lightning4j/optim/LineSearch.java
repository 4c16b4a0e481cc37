package io.github.lightning4j.optim;

/** How {@link LBFGS} chooses how far it follows a direction. */
public enum LineSearch {
    /** The learning rate is the length of a step. */
    NONE,
    /** The loss is evaluated along the direction until a point satisfies the strong Wolfe conditions. */
    STRONG_WOLFE
}
