package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loss that is not finite is said once; a score that is NaN is never the best. */
class NonFiniteLossTest {
    @TempDir
    Path directory;

    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void firstLossThatIsNotFinite_isSaidOnceWithItsPlace(float value) {
        List<String> lines = fit(new Diverging(5, value), false);

        assertThat(lines.stream().filter(line -> line.startsWith("The loss is")))
                .singleElement()
                .asString()
                .startsWith("The loss is " + (double) value + " in epoch 1, batch 1, after step 5");
    }

    @Test
    void finiteLosses_areNotMentioned() {
        assertThat(fit(new Diverging(100, Float.NaN), false)).noneMatch(line -> line.contains("The loss is"));
    }

    @Test
    void scoreThatIsAlwaysNaN_isNeverTheBest() {
        ModelCheckpoint checkpoint =
                ModelCheckpoint.builder().monitor("val_loss").build();
        List<String> lines;
        FitResult result;
        try (Diverging module = new Diverging(0, Float.NaN);
                LogLines log = LogLines.capture()) {
            result = trainer(true)
                    .callbacks(checkpoint)
                    .build()
                    .fit(module, data.regression(12, 4), data.regression(4, 4));
            lines = log.messages();
        }

        assertThat(result.bestCheckpoint()).isNull();
        assertThat(checkpoint.bestModelPath()).isNull();
        assertThat(lines).anyMatch(line -> line.startsWith("No checkpoint is the best: 'val_loss'"));
    }

    @Test
    void earlyStopping_neverTakesNaNForTheBest() {
        EarlyStopping stopping =
                EarlyStopping.builder("val_loss").checkFinite(false).patience(2).build();
        FitResult result;
        try (Diverging module = new Diverging(0, Float.NaN)) {
            result = trainer(false)
                    .maxEpochs(5)
                    .callbacks(stopping)
                    .build()
                    .fit(module, data.regression(12, 4), data.regression(4, 4));
        }

        assertThat(stopping.bestScore()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(result.epochs()).isEqualTo(2);
    }

    private List<String> fit(BoringModule module, boolean checkpoints) {
        try (module;
                LogLines log = LogLines.capture()) {
            trainer(checkpoints).build().fit(module, data.regression(12, 4));
            return log.messages();
        }
    }

    private Trainer.Builder trainer(boolean checkpoints) {
        return Trainers.quiet().maxEpochs(2).runDirectory(directory).enableCheckpointing(checkpoints);
    }

    /** Its losses are the value from one batch on. */
    private static final class Diverging extends BoringModule {
        private final int from;
        private final float value;
        private int batches;

        Diverging(int from, float value) {
            this.from = from;
            this.value = value;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = super.trainingStep(batch, batchIndex);
            return ++batches >= from ? loss.mul(0).add(value) : loss;
        }

        @Override
        protected NDArray loss(Batch batch) {
            NDArray loss = super.loss(batch);
            return from == 0 ? loss.mul(value) : loss;
        }
    }
}
