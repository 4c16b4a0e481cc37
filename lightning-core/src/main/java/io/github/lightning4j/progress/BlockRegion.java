package io.github.lightning4j.progress;

import java.util.List;

/** Lines below each other, below which the cursor stands. It is hidden while they are drawn. */
final class BlockRegion implements Region {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final List<String> lines;
    private List<String> drawn = List.of();

    BlockRegion(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    @Override
    public String home(WindowSize size) {
        int rows = 0;
        for (String line : drawn) {
            int width = Text.width(line);
            rows += size.isKnown() ? Math.max(1, (width + size.columns() - 1) / size.columns()) : 1;
        }
        return "\r" + Region.up(rows);
    }

    @Override
    public String draw(WindowSize size, int widthBefore) {
        drawn = lines.stream()
                .map(line -> size.isKnown() ? Text.cut(line, size.columns() - 1) : line)
                .map(String::stripTrailing)
                .toList();
        // Where a terminal has broken lines, they have left more of themselves than is drawn over.
        boolean broken = size.isKnown() && widthBefore > size.columns();
        StringBuilder text = new StringBuilder(HIDE_CURSOR).append(NO_WRAP).append(broken ? ERASE_DOWN : "");
        for (String line : drawn) {
            text.append(line).append(ERASE_LINE).append("\r\n");
        }
        return text.append(ERASE_DOWN).append(WRAP).append(SHOW_CURSOR).toString();
    }

    @Override
    public int width() {
        return drawn.stream().mapToInt(Text::width).max().orElse(0);
    }

    @Override
    public String leave() {
        return "";
    }
}
