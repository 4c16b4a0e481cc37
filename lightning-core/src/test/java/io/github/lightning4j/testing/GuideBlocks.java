package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Checks that what the guide shows is what a test runs. */
public final class GuideBlocks {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private GuideBlocks() {}

    /** Every Java block of a page has to be part of the test's source, white space aside. */
    public static void assertArePartOf(Class<?> test, String page) throws IOException {
        String source = squeezed(
                Files.readString(Path.of("src/test/java", test.getName().replace('.', '/') + ".java")));
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("../docs", page)))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty();
        assertThat(blocks)
                .filteredOn(block -> !source.contains(squeezed(block)))
                .as("blocks of %s that %s does not run", page, test.getSimpleName())
                .isEmpty();
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
