package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An order of samples that does not fit what they are for is said at the start. */
class SampleOrderTest {
    private final TestData data = TestData.open();
    private final BoringModule module = new BoringModule();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void aDatasetThatIsNotShuffled_isSaidOfTraining() {
        try (LogLines log = LogLines.capture()) {
            Trainers.quiet().maxEpochs(2).build().fit(module, data.djl(8, 2, false));
            assertThat(log.messages())
                    .filteredOn(line -> line.contains("in the same order"))
                    .hasSize(1);
        }
        try (LogLines log = LogLines.capture()) {
            Trainers.quiet().maxEpochs(2).build().fit(module, data.djl(8, 2, true));
            assertThat(log.messages()).noneMatch(line -> line.contains("in the same order"));
        }
    }

    @Test
    void aLoaderThatShuffles_isSaidOfPrediction() {
        try (LogLines log = LogLines.capture()) {
            Trainers.quiet().build().predict(module, data.regression(8, 2)).close();
            assertThat(log.messages()).noneMatch(line -> line.contains("shuffles"));

            Trainers.quiet()
                    .build()
                    .predict(module, DataLoader.of(data.regression(8), 2, true))
                    .close();
            Trainers.quiet().build().predict(module, data.djl(8, 2, true)).close();
            assertThat(log.messages())
                    .filteredOn(line -> line.contains("Loader 0 shuffles"))
                    .hasSize(2);
        }
    }
}
