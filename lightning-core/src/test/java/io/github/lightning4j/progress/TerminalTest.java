package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void aTerminal_isLiveUnicodeAndColoured() {
        assertThat(terminal(true, Map.of("TERM", "xterm"))).isEqualTo(new Terminal(true, true, true));
        assertThat(terminal(true, Map.of("WT_SESSION", "1")).live()).isTrue();
    }

    @Test
    void pipesDumbTerminalsAndBuildServers_areNotLive() {
        assertThat(terminal(false, Map.of("TERM", "xterm")).live()).isFalse();
        assertThat(terminal(true, Map.of("TERM", "dumb")).live()).isFalse();
        assertThat(terminal(true, Map.of()).live()).isFalse();
        assertThat(terminal(true, Map.of("TERM", "xterm", "CI", "true")).live()).isFalse();
    }

    @Test
    void noColor_isHonouredUnlessEmpty() {
        assertThat(terminal(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).colour())
                .isFalse();
        assertThat(terminal(true, Map.of("TERM", "xterm", "NO_COLOR", "")).colour())
                .isTrue();
    }

    @Test
    void aCharsetWithoutLines_isNotUnicode() {
        assertThat(Terminal.of(true, StandardCharsets.US_ASCII, name -> null).unicode())
                .isFalse();
        assertThat(Terminal.of(true, StandardCharsets.ISO_8859_1, name -> null).unicode())
                .isFalse();
    }

    private static Terminal terminal(boolean isTerminal, Map<String, String> environment) {
        return Terminal.of(isTerminal, StandardCharsets.UTF_8, environment::get);
    }
}
