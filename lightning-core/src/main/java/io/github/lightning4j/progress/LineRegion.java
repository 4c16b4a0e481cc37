package io.github.lightning4j.progress;

/** One line, behind which the cursor stands; the space at its end is what a terminal that is too narrow shows at its edge. */
final class LineRegion implements Region {
    private final String text;
    private int width;

    LineRegion(String text) {
        this.text = text;
    }

    @Override
    public String home(WindowSize size) {
        return "\r" + Region.up(size.isKnown() ? width / size.columns() : 0);
    }

    @Override
    public String draw(WindowSize size, int widthBefore) {
        String shown = size.isKnown() ? Text.cut(text, size.columns() - 2) : text;
        width = Text.width(shown);
        return NO_WRAP + shown + (width < widthBefore ? ERASE_LINE : "") + " " + WRAP;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public String leave() {
        return "\n";
    }
}
