package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
    private static final String LONG = "x".repeat(150);

    private final VirtualTerminal terminal = new VirtualTerminal(200, 50);
    private final PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
    private final Screen screen = new Screen(out, new WindowSize(200, 50));

    @Test
    void aLine_isDrawnOver() {
        out.println("before");
        line("a long line");
        line("short");

        assertThat(terminal.screen()).containsExactly("before", "short");
        assertThat(terminal.hasPlainState()).isTrue();
        screen.leave();
        assertThat(terminal.isClean()).isTrue();
        out.print("after");
        assertThat(terminal.screen()).containsExactly("before", "short", "after");
    }

    @Test
    void aBlock_isDrawnOver_whateverItsHeights() {
        out.println("before");
        block("a", "b", "c");
        assertThat(terminal.screen()).containsExactly("before", "a", "b", "c");
        assertThat(terminal.isClean()).isTrue();
        block("d");
        assertThat(terminal.screen()).containsExactly("before", "d");
        block("e", "f", "g", "h");
        assertThat(terminal.screen()).containsExactly("before", "e", "f", "g", "h");
        line("one");
        assertThat(terminal.screen()).containsExactly("before", "one");
        block("two", "three");
        assertThat(terminal.screen()).containsExactly("before", "two", "three");
        screen.leave();
        out.print("after");
        assertThat(terminal.screen()).containsExactly("before", "two", "three", "after");
    }

    @Test
    void whatIsKept_staysAboveWhatIsDrawn() {
        line("epoch 1 half");
        screen.keep("epoch 1");
        assertThat(terminal.screen()).containsExactly("epoch 1");
        block("epoch 2", "loss");
        screen.keep("epoch 2 " + LONG + LONG);
        assertThat(terminal.screen())
                .containsExactly(
                        "epoch 1",
                        ("epoch 2 " + LONG + LONG).substring(0, 200),
                        ("epoch 2 " + LONG + LONG).substring(200),
                        "epoch 2",
                        "loss");
        block("epoch 3", "loss");
        assertThat(terminal.screen()).endsWith("epoch 3", "loss").doesNotContain("epoch 2");
    }

    @Test
    void whatIsWritten_passesAbove() {
        line("bar");
        screen.above(() -> out.println("first"));
        assertThat(terminal.screen()).containsExactly("first", "bar");
        block("a", "b");
        screen.above(() -> out.println(LONG + LONG));
        block("c", "d");

        assertThat(terminal.screen()).containsExactly("first", LONG + "x".repeat(50), "x".repeat(100), "c", "d");
        screen.erase();
        screen.above(() -> out.println("last"));
        assertThat(terminal.screen()).endsWith("x".repeat(100), "last");
        assertThat(terminal.isClean()).isTrue();
    }

    @Test
    void aBlockAtTheBottom_scrollsWhatIsAboveIt() {
        for (int i = 0; i < 60; i++) {
            int number = i;
            block("a", "b " + i);
            screen.above(() -> out.println("log " + number));
        }

        assertThat(terminal.screen()).hasSize(49).endsWith("log 58", "log 59", "a", "b 59");
        assertThat(terminal.everything()).hasSize(62);
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 75, 60, 31, 300})
    void aBlock_leavesNothingBehindWhenTheWindowChanges(int columns) {
        out.println("before");
        block(LONG, "", "b".repeat(70), "c");
        resize(columns);

        assertThat(terminal.everything())
                .containsExactly("before", cut(LONG, columns - 1), "", cut("b".repeat(70), columns - 1), "c");
        block("d", "e");
        assertThat(terminal.everything()).containsExactly("before", "d", "e");
        resize(200);
        assertThat(terminal.everything()).containsExactly("before", "d", "e");
        assertThat(terminal.isClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 75, 60, 31, 300})
    void aLine_leavesNothingBehindWhenTheWindowChanges(int columns) {
        out.println("before");
        line(LONG);
        resize(columns);

        assertThat(terminal.everything()).containsExactly("before", cut(LONG, columns - 2));
        line("bar");
        assertThat(terminal.everything()).containsExactly("before", "bar");
    }

    @Test
    void whileTheWindowChanges_nothingIsDrawnButWhatStaysIsKept() {
        block("a");
        screen.resizing();
        block("b");
        assertThat(terminal.screen()).containsExactly("a");
        screen.keep("epoch");
        screen.resized(WindowSize.UNKNOWN);
        assertThat(terminal.screen()).containsExactly("epoch", "a");
        block("b");
        assertThat(terminal.screen()).containsExactly("epoch", "b");
    }

    @Test
    void atTheEndOfTheProcess_theTerminalIsCleanAndStaysSo() {
        line("bar");
        screen.end();
        assertThat(terminal.isClean()).isTrue();
        line("another");
        screen.keep("more");
        screen.above(() -> out.println("last words"));

        assertThat(terminal.screen()).containsExactly("bar", "last words");
    }

    private void line(String text) {
        screen.draw(new LineRegion(text));
    }

    private void block(String... lines) {
        screen.draw(new BlockRegion(List.of(lines)));
    }

    private void resize(int columns) {
        screen.resizing();
        terminal.resize(columns, 50);
        screen.resized(new WindowSize(columns, 50));
    }

    private static String cut(String text, int width) {
        return text.substring(0, Math.min(width, text.length()));
    }
}
