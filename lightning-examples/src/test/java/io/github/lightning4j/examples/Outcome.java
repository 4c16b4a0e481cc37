package io.github.lightning4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How a run of the command line ended, and what it wrote. */
record Outcome(int exitCode, String out, String err) {
    static Outcome of(String... args) {
        return of(new Main(), args);
    }

    static Outcome of(Callable<Integer> command, String... args) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.run(command, args);
            return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /** The hash of the weights with which a run ended. */
    static String weights(Path run) throws IOException {
        return Files.readString(run.resolve("result.json"))
                .lines()
                .filter(line -> line.contains("weightsSha256"))
                .collect(Collectors.joining());
    }

    /** The number after a name in a line of the output. */
    double number(String name) {
        Matcher line = Pattern.compile(Pattern.quote(name) + " +(\\d+\\.\\d+)").matcher(out);
        if (!line.find()) {
            throw new AssertionError("no number after '" + name + "' in " + out);
        }
        return Double.parseDouble(line.group(1));
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
