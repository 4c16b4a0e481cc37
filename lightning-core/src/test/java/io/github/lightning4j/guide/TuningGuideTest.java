package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.crossvalidation.CrossValidation;
import io.github.lightning4j.crossvalidation.CrossValidationResult;
import io.github.lightning4j.data.KFold;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/tuning.md, which are parts of this class. */
class TuningGuideTest {
    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "tuning.md");
    }

    @Test
    void crossValidation(@TempDir Path folder) {
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorDataset dataset = LitPoints.points(manager, 100, 1);
            CrossValidation validation = CrossValidation.builder(
                            KFold.stratified(5).shuffled(1),
                            dataset,
                            fold -> new LitPoints(new LitPoints.Config(0.05, 16)),
                            fold -> Trainer.builder().maxEpochs(10).threads(1))
                    .batchSize(16)
                    .directory(folder)
                    .seed(1)
                    .build();
            try (CrossValidationResult result = validation.run()) {
                System.out.println(result.table());
                double accuracy = result.mean("val_acc");
                double spread = result.std("val_acc");
                NDArray logits = result.predictions();
            }
            try (CrossValidationResult again = validation.run()) {
                assertThat(again.mean("val_acc")).isGreaterThan(0.8);
                assertThat(again.std("val_acc")).isBetween(0.0, 0.2);
                assertThat(again.predictions().getShape()).isEqualTo(new Shape(100, 2));
            }
        }
    }
}
