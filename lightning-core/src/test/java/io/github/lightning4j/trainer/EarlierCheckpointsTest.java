package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.trainer.EarlierCheckpoints.End;
import io.github.lightning4j.trainer.EarlierCheckpoints.Place;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint that an earlier build wrote goes on, and ends where that build would have ended. */
class EarlierCheckpointsTest {
    /** Processors differ in the last bits. */
    private static final double TOLERANCE = 1e-6;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void runResumedFromAnEarlierFile_endsWhereTheEarlierBuildEnded(Place place) throws IOException, URISyntaxException {
        End expected = new Gson().fromJson(Files.readString(resource(place.end())), End.class);
        End actual;
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = place.module()) {
            FitResult result = place.trainer(directory)
                    .build()
                    .fit(
                            module,
                            EarlierCheckpoints.train(manager),
                            EarlierCheckpoints.val(manager),
                            CkptPath.of(resource(place.checkpoint())));
            assertThat(result.resumedFromSteps()).hasSize(1);
            actual = End.of(result, module);
        }

        assertThat(actual.globalStep()).isEqualTo(expected.globalStep());
        assertThat(actual.epochs()).isEqualTo(expected.epochs());
        assertThat(actual.metrics()).containsOnlyKeys(expected.metrics().keySet());
        actual.metrics()
                .forEach((name, value) ->
                        assertThat(value).as(name).isCloseTo(expected.metrics().get(name), within(TOLERANCE)));
        assertThat(actual.weights()).containsOnlyKeys(expected.weights().keySet());
        actual.weights()
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(expected.weights().get(name), within(TOLERANCE)));
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(EarlierCheckpointsTest.class.getResource(name).toURI());
    }
}
