package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesAboveTest {
    private final VirtualTerminal terminal = new VirtualTerminal(100, 30);
    private final PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
    private final Screen screen = new Screen(out, new WindowSize(100, 30));
    private final LinesAbove lines = new LinesAbove(out, screen);
    private final PrintStream stream = new PrintStream(lines, true, StandardCharsets.UTF_8);

    @Test
    void wholeLines_passAtOnce_andPartsWaitForTheRest() {
        screen.draw(new BlockRegion(List.of("bar", "table")));
        stream.print("Grüße");
        assertThat(terminal.screen()).containsExactly("bar", "table");
        stream.printf(" an %s%nund noch", "alle");
        assertThat(terminal.screen()).containsExactly("Grüße an alle", "bar", "table");
        stream.println(" eins");
        stream.write('a');
        stream.write('\n');

        assertThat(terminal.screen()).containsExactly("Grüße an alle", "und noch eins", "a", "bar", "table");
    }

    @Test
    void partOfALine_isWrittenAtTheEnd() {
        screen.draw(new LineRegion("bar"));
        stream.print("waiting");
        screen.leave();
        lines.release();
        stream.print(" no more");

        assertThat(terminal.screen()).containsExactly("bar", "waiting no more");
    }

    @Test
    void standardStreams_areGivenBackUnlessSomebodyReplacedThem() {
        PrintStream before = System.out;
        PrintStream errBefore = System.err;
        PrintStream another = new PrintStream(terminal);
        try {
            try (StandardStreams passing = StandardStreams.passAbove(screen)) {
                assertThat(System.out).isNotSameAs(before);
                assertThat(System.err).isNotSameAs(errBefore);
                assertThat(passing).isNotNull();
            }
            assertThat(System.out).isSameAs(before);
            assertThat(System.err).isSameAs(errBefore);
            try (StandardStreams passing = StandardStreams.passAbove(screen)) {
                assertThat(passing).isNotNull();
                System.setOut(another);
            }
            assertThat(System.out).isSameAs(another);
        } finally {
            System.setOut(before);
            System.setErr(errBefore);
        }
    }
}
