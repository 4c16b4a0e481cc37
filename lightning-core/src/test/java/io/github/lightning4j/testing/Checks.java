package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs the checks of kits. */
public final class Checks {
    private Checks() {}

    /** A test for each check. */
    public static Stream<DynamicTest> tests(String subject, Stream<Check> checks) {
        return checks.map(check -> dynamicTest(subject + " " + check.name(), check::run));
    }

    /** The messages of the checks that fail, each after the check's name. */
    static List<String> failures(Stream<Check> checks) throws Exception {
        List<String> failures = new ArrayList<>();
        for (Check check : checks.toList()) {
            try {
                check.run();
            } catch (AssertionError e) {
                failures.add(check.name() + " | " + e.getMessage());
            }
        }
        return failures;
    }

    /** Expects that some checks fail, and no others. */
    static void assertFailures(Stream<Check> checks, String... expected) throws Exception {
        List<String> failures = failures(checks);
        assertThat(failures).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(failures.get(i)).matches("(?s).*" + expected[i] + ".*");
        }
    }
}
