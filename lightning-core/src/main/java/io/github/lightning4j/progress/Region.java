package io.github.lightning4j.progress;

/** What a screen shows at its lower end, and how it is drawn over. */
interface Region {
    String NO_WRAP = "\u001b[?7l";
    String WRAP = "\u001b[?7h";
    String ERASE_LINE = "\u001b[K";
    String ERASE_DOWN = "\u001b[J";

    /** Moves the cursor from where drawing leaves it to the first character; a terminal breaks lines when it gets narrower. */
    String home(WindowSize size);

    /** Draws it from the first character on, over one of the same kind that was drawn before and had lines of some width. */
    String draw(WindowSize size, int widthBefore);

    /** The characters of its longest line, as it was drawn. */
    int width();

    /** Ends the line that the cursor is in. */
    String leave();

    static String up(int rows) {
        return rows == 0 ? "" : "\u001b[" + rows + "A";
    }
}
