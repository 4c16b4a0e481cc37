package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Mode;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.crossvalidation.CrossValidation;
import io.github.lightning4j.crossvalidation.CrossValidationResult;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.KFold;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.search.Search;
import io.github.lightning4j.search.SearchResult;
import io.github.lightning4j.search.Space;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.tuner.BatchSizeFinder;
import io.github.lightning4j.tuner.LearningRateCurve;
import io.github.lightning4j.tuner.LearningRateFinder;
import io.github.lightning4j.tuner.ScaleMode;
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
    void learningRateAndBatchSize(@TempDir Path folder) {
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorDataset points = LitPoints.points(manager, 200, 1);
            DataLoader train = DataLoader.of(points, 16, true);
            DataLoader val = DataLoader.of(LitPoints.points(manager, 100, 2), 100);
            Trainer trainer = Trainer.builder().maxEpochs(10).threads(1).seed(1).build();
            LearningRateCurve curve = LearningRateFinder.builder(trainer)
                    .minLr(1e-5)
                    .maxLr(10)
                    .build()
                    .find(new LitPoints(new LitPoints.Config(0.001, 16)), train);
            LitPoints module = new LitPoints(new LitPoints.Config(curve.suggestion(), 16));
            assertThat(curve.suggestion()).isBetween(1e-5, 1.0);

            trainer = Trainers.quiet().maxEpochs(40).build();
            FitResult fit = trainer.fit(module, train, val);
            assertThat(fit.metrics().get("val_acc")).isGreaterThan(0.7);

            int size = BatchSizeFinder.builder(trainer)
                    .mode(ScaleMode.BINSEARCH)
                    .maxVal(1024)
                    .build()
                    .find(module, batchSize -> DataLoader.of(points, batchSize, true));
            assertThat(size).isEqualTo(243);
            module.close();
        }
    }

    @Test
    void search(@TempDir Path folder) {
        try (NDManager manager = NDManager.newBaseManager()) {
            DataLoader train = DataLoader.of(LitPoints.points(manager, 200, 1), 16, true);
            DataLoader val = DataLoader.of(LitPoints.points(manager, 100, 2), 100);
            Space<LitPoints.Config> space = Space.builder()
                    .logUniform("lr", 1e-4, 1)
                    .intRange("hidden", 4, 32)
                    .build(new LitPoints.Config(0.01, 16));
            Search<LitPoints.Config> search = Search.builder(
                            space, LitPoints::new, config -> Trainers.quiet().enableCheckpointing(true))
                    .data(train, val)
                    .monitor("val_acc", Mode.MAX)
                    .random(8)
                    .successiveHalving(1, 9, 3)
                    .directory(folder)
                    .seed(1)
                    .build();
            SearchResult<LitPoints.Config> result = search.run();
            System.out.println(result.table());
            LitPoints best = result.bestModule(LitPoints::new);

            assertThat(result.best().value()).isGreaterThan(0.8);
            assertThat(Weights.sha256(best)).isEqualTo(result.best().weightsSha256());
            best.close();
        }
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
