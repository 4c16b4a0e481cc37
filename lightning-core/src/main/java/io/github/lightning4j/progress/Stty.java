package io.github.lightning4j.progress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the system how large this process's terminal is. Java cannot tell, and where there is no {@code stty} nobody knows. */
final class Stty {
    private static final File TERMINAL = new File("/dev/tty");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

    private Stty() {}

    static WindowSize size() {
        if (!TERMINAL.exists()) {
            return WindowSize.UNKNOWN;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectErrorStream(true)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return WindowSize.UNKNOWN;
            }
            return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return WindowSize.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return WindowSize.UNKNOWN;
        }
    }

    /** Rows and columns, as {@code stty size} prints them. */
    static WindowSize parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        return matcher.matches()
                ? new WindowSize(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(1)))
                : WindowSize.UNKNOWN;
    }
}
