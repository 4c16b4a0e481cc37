package io.github.lightning4j.testing;

/**
 * One thing that has to hold, by its name.
 *
 * @param name what holds, in words, to follow the name of what is checked: {@code "gets back the state it saved"}
 * @param body finds out
 */
public record Check(String name, Body body) {
    /** Finds out whether something holds. */
    @FunctionalInterface
    public interface Body {
        /**
         * Finds out.
         *
         * @throws AssertionError if it does not hold
         * @throws Exception if something failed on the way
         */
        void run() throws Exception;
    }

    /**
     * Finds out whether it holds.
     *
     * @throws AssertionError if it does not
     * @throws Exception if something failed on the way
     */
    public void run() throws Exception {
        body.run();
    }
}
