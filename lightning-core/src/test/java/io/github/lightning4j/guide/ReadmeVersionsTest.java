package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The versions that the README gives to copy are those this build uses. */
class ReadmeVersionsTest {
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    @Test
    void versionsToCopy_areThoseOfTheBuild() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String pom = Files.readString(Path.of("../pom.xml"));
        String torch = only("<pytorch\\.version>([^<]+)<", pom);
        String djl = only("<djl\\.version>([^<]+)<", pom);

        assertThat(only("<djl\\.version>([^<]+)<", readme)).isEqualTo(djl);
        assertThat(VERSION.matcher(readme).results().map(version -> version.group(1)))
                .containsExactlyElementsOf(List.of(
                        only("</artifactId>\\s*<version>([^<]+)</version>\\s*<packaging>", pom),
                        torch,
                        torch + "-${djl.version}",
                        only("<logback\\.version>([^<]+)<", pom),
                        torch));
    }

    private static String only(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
