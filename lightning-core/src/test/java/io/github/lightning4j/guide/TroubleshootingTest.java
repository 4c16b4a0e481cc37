package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every message that docs/troubleshooting.md quotes is one of the sources, or one that the engine gives. */
class TroubleshootingTest {
    private static final Pattern QUOTED = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void quotedMessages_areInTheSources() throws IOException {
        String sources = sources();
        List<String> quoted = QUOTED.matcher(Files.readString(Path.of("../docs/troubleshooting.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(quoted)
                .hasSizeGreaterThan(10)
                .allSatisfy(message ->
                        assertThat(sources.contains(message)).as(message).isTrue());
    }

    @Test
    void messagesOfTheEngine_areWhatItSays() throws IOException {
        String page = Files.readString(Path.of("../docs/troubleshooting.md"));
        Map<String, ThrowingCallable> provoked = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray two = manager.ones(new Shape(2, 3));
            provoked.put("mat1 and mat2 shapes cannot be multiplied", () -> two.matMul(two));
            provoked.put("must match the size of tensor", () -> two.add(manager.ones(new Shape(2))));
            provoked.put("is invalid for input of size", () -> two.reshape(4, 2));
            provoked.put("have the same dtype", () -> linear(two, manager.ones(new Shape(1, 3), DataType.FLOAT64)));
            provoked.put("one of the following scalar types: Long, Int", () -> rows(two, manager.create(1f)));
            provoked.put("index out of range in self", () -> rows(two, manager.create(2L)));
            provoked.put(
                    "DataType mismatch, Required float",
                    () -> manager.create(1L).toFloatArray());
            provoked.put("DefaultCPUAllocator: can't allocate memory", () -> manager.ones(new Shape(1L << 45)));
            provoked.forEach((says, call) -> {
                assertThat(page).contains("| \"" + says + "\" |");
                assertThatThrownBy(call).hasMessageContaining(says);
            });
        }
    }

    private static NDArray linear(NDArray weight, NDArray input) {
        return Linear.linear(input, weight).head();
    }

    private static NDArray rows(NDArray table, NDArray indices) {
        return Embedding.embedding(indices, table, SparseFormat.DENSE).head();
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(TroubleshootingTest::joined)
                    .collect(Collectors.joining());
        }
    }

    private static String joined(Path file) {
        try {
            return JOINT.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
