package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a message tells the reader to call is there to be called. */
class MessagesTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w+)\\(");

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    /** Programs in TorchScript are no messages. */
    private static final Pattern SCRIPT = Pattern.compile(
            "torch\\.|index_select|getattr|clamp\\(|tril\\(|unsqueeze|\\.to\\(|annotate\\(|int\\(|sum\\(");

    /** Methods of DJL that our own code does not call. */
    private static final Set<String> OF_DJL =
            Set.of("addPad", "flatten", "newPredictor", "optBatchFirst", "optHasBiases", "stopGradient");

    @Test
    void methodsThatMessagesName_exist() throws IOException {
        Set<String> known = new TreeSet<>(OF_DJL);
        TreeMap<String, Path> named = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    (Iterable<Path>) files.filter(each -> each.toString().endsWith(".java"))::iterator) {
                String source = Files.readString(file);
                namesIn(source).forEach(name -> named.put(name, file.getFileName()));
                CALL.matcher(COMMENT.matcher(LITERAL.matcher(source).replaceAll(""))
                                .replaceAll(""))
                        .results()
                        .map(call -> call.group(1))
                        .forEach(known::add);
            }
        }
        assertThat(named).hasSizeGreaterThan(60);

        named.keySet().removeAll(known);

        assertThat(named).isEmpty();
    }

    private static Stream<String> namesIn(String source) {
        return LITERAL.matcher(source)
                .results()
                .map(literal -> literal.group(1))
                .filter(literal -> !SCRIPT.matcher(literal).find())
                .flatMap(literal -> CALL.matcher(literal).results())
                .map(call -> call.group(1));
    }
}
