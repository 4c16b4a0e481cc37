package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.testing.Place;
import io.github.lightning4j.testing.ResumeCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every way of fine-tuning a pretrained backbone ends, when it is resumed, where it would have ended undisturbed. */
class FineTuningKindsTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyKind_isResumedExactly() {
        return Stream.of(FineTuningKinds.values())
                .flatMap(kind -> Stream.of(Place.INSIDE_WINDOW)
                        .map(place -> dynamicTest(kind + ", " + place, () -> {
                            try (TestData data = TestData.open()) {
                                ResumeCheck.builder(kind::module, kind.loader(data))
                                        .trainer(kind::addCallback)
                                        .places(place)
                                        .build()
                                        .run();
                            }
                        })));
    }

    @Test
    void everyKind_resumedInAFreshProcess_hasTheBitsOfThisOne() throws IOException, InterruptedException {
        Map<FineTuningKinds, String> whole = new EnumMap<>(FineTuningKinds.class);
        for (FineTuningKinds kind : FineTuningKinds.values()) {
            kind.train(folder.resolve(kind.name()), 1);
            whole.put(kind, kind.train(folder.resolve("whole-" + kind), 2));
        }

        assertThat(fork(folder).waitFor()).isZero();

        for (FineTuningKinds kind : FineTuningKinds.values()) {
            assertThat(folder.resolve(kind + ".sha256")).as(kind.name()).hasContent(whole.get(kind));
        }
    }

    private static Process fork(Path folder) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FineTuningKinds.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
    }
}
