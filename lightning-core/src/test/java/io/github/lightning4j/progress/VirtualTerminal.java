package io.github.lightning4j.progress;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A terminal as far as live displays use one: it shows what is written to it. A control sequence it does not know is an
 * error. When it gets narrower it breaks the lines that no longer fit, as tmux and most windows do.
 */
final class VirtualTerminal extends OutputStream {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer undecoded = ByteBuffer.allocate(8);
    private final StringBuilder sequence = new StringBuilder();
    private final List<StringBuilder> lines = new ArrayList<>();
    private int columns;
    private int rows;
    private int row;
    private int column;
    private boolean wrapping = true;
    private boolean cursorShown = true;
    private int painted;

    VirtualTerminal(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        lines.add(new StringBuilder());
    }

    /** What is on the screen, without spaces at the ends of lines and empty lines at the end. */
    List<String> screen() {
        return trimmed(lines.subList(top(), lines.size()));
    }

    /** All lines, those that were scrolled out at the top included. */
    List<String> everything() {
        return trimmed(lines);
    }

    private static List<String> trimmed(List<StringBuilder> shown) {
        List<String> text = new ArrayList<>();
        shown.forEach(line -> text.add(line.toString().stripTrailing()));
        while (!text.isEmpty() && text.get(text.size() - 1).isEmpty()) {
            text.remove(text.size() - 1);
        }
        return text;
    }

    /** Whether the terminal is as a shell expects it: at the start of a line, with its cursor, wrapping and colours. */
    boolean isClean() {
        return column == 0 && cursorShown && wrapping && painted == 0 && sequence.isEmpty();
    }

    boolean hasPlainState() {
        return cursorShown && wrapping && painted == 0 && sequence.isEmpty();
    }

    private int top() {
        return Math.max(0, lines.size() - rows);
    }

    void resize(int newColumns, int newRows) {
        List<StringBuilder> broken = new ArrayList<>();
        int newRow = 0;
        int newColumn = 0;
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder line = lines.get(i);
            if (i == row) {
                newRow = broken.size() + (column == 0 ? 0 : Math.min(column, line.length()) / newColumns);
                newColumn = column % newColumns;
            }
            do {
                int part = Math.min(newColumns, line.length());
                broken.add(new StringBuilder(line.substring(0, part)));
                line = new StringBuilder(line.substring(part));
            } while (!line.isEmpty());
        }
        lines.clear();
        lines.addAll(broken);
        row = newRow;
        column = newColumn;
        columns = newColumns;
        rows = newRows;
        while (lines.size() <= row) {
            lines.add(new StringBuilder());
        }
    }

    @Override
    public void write(int value) {
        undecoded.put((byte) value).flip();
        CharBuffer decoded = CharBuffer.allocate(2);
        CoderResult result = decoder.decode(undecoded, decoded, false);
        if (result.isError()) {
            throw new IllegalStateException("no UTF-8: " + result);
        }
        undecoded.compact();
        decoded.flip();
        while (decoded.hasRemaining()) {
            take(decoded.get());
        }
    }

    private void take(char next) {
        if (next == '\u001b' || !sequence.isEmpty()) {
            sequence.append(next);
            if (sequence.length() > 2 && Character.isLetter(next)) {
                obey(sequence.substring(1));
                sequence.setLength(0);
            }
        } else if (next == '\r') {
            column = 0;
        } else if (next == '\n') {
            column = 0;
            row++;
            if (row == lines.size()) {
                lines.add(new StringBuilder());
            }
        } else {
            show(next);
        }
    }

    private void show(char next) {
        if (column == columns) {
            if (wrapping) {
                take('\n');
            } else {
                column--;
            }
        }
        StringBuilder line = lines.get(row);
        while (line.length() <= column) {
            line.append(' ');
        }
        line.setCharAt(column++, next);
    }

    private void obey(String command) {
        switch (command) {
            case "[?7l" -> wrapping = false;
            case "[?7h" -> wrapping = true;
            case "[?25l" -> cursorShown = false;
            case "[?25h" -> cursorShown = true;
            case "[K" -> eraseLine();
            case "[J" -> {
                eraseLine();
                lines.subList(row + 1, lines.size()).clear();
            }
            case "[0m" -> painted = 0;
            default -> obeyNumber(command);
        }
    }

    private void eraseLine() {
        StringBuilder line = lines.get(row);
        line.setLength(Math.min(line.length(), column));
    }

    private void obeyNumber(String command) {
        int number = Integer.parseInt(command.substring(1, command.length() - 1));
        switch (command.charAt(command.length() - 1)) {
            case 'A' -> row = Math.max(top(), row - number);
            case 'm' -> painted = number;
            default -> throw new IllegalStateException("ESC" + command + " is not known");
        }
    }
}
