package io.github.lightning4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
    @TempDir
    private static Path shared;

    private static TestData data;
    private static DataLoader train;
    private static DataLoader val;
    /** What comes out undisturbed. */
    private static SearchResult<Config> whole;

    /** The batches of the undisturbed search. */
    private static final List<Long> BATCHES = new ArrayList<>();

    @TempDir
    Path folder;

    private record Config(double lr, Mode unused) {}

    /** Dropout, batch norm, Adam, and a schedule that spans the whole trial. */
    private static final class Tried extends NoisyModule {
        private final Config config;

        Tried(Config config) {
            this.config = config;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            Adam adam = Adam.builder(parameters()).lr(config.lr()).build();
            return adam.withScheduler(new OneCycleLR(adam, config.lr(), estimatedSteps()), Every.steps(1));
        }
    }

    @BeforeAll
    static void searchUndisturbed() {
        data = TestData.open();
        train = DataLoader.of(data.classes(24), 8, true);
        val = DataLoader.of(data.classes(16), 16);
        whole = halving(config -> trainer(config).callbacks(new LateCut(new int[] {99}, BATCHES)))
                .directory(shared)
                .build()
                .run();
    }

    @AfterAll
    static void closeData() {
        data.close();
    }

    private static Space<Config> space() {
        return Space.builder()
                .logUniform("lr", 1e-4, 1e-1)
                .choice("unused", (Object[]) Mode.values())
                .build(new Config(0.1, Mode.MIN));
    }

    private static Trainer.Builder trainer(Config config) {
        return Trainers.quiet().enableCheckpointing(true);
    }

    private static Search.Builder<Config> halving(Function<Config, Trainer.Builder> trainer) {
        return Search.builder(space(), Tried::new, trainer)
                .data(train, val)
                .monitor("val_loss", Mode.MIN)
                .random(5)
                .successiveHalving(1, 4, 2)
                .seed(5);
    }

    @Test
    void aTrialThatWasPaused_endsAsOneThatWasNot() {
        Trial<Config> best = whole.best();
        assertThat(best.epochs()).isEqualTo(4);
        assertThat(whole.trials()).hasSize(5).extracting(Trial::epochs).contains(1L, 2L, 4L);
        FitResult alone;
        try (Tried module = new Tried(best.config())) {
            alone = Trainers.quiet().maxEpochs(4).seed(best.seed()).build().fit(module, train, val);
        }
        assertThat(best.weightsSha256()).isEqualTo(alone.weightsSha256());
        assertThat(best.metrics()).isEqualTo(alone.metrics());
        assertThat(best.value()).isEqualTo(alone.metrics().get("val_loss"));
        try (Tried module = whole.bestModule(Tried::new)) {
            assertThat(Weights.sha256(module)).isEqualTo(best.weightsSha256());
        }
    }

    @Test
    void aTrialThatWasPausedForGood_endsAsAFitOfThatLength() {
        Trial<Config> short1 = whole.trials().get(4);
        assertThat(short1.epochs()).isEqualTo(1);
        assertThat(short1.directory()).isEqualTo(shared.resolve("trial-" + short1.index()));
        List<String> ends = new ArrayList<>();
        try (Tried module = new Tried(short1.config())) {
            Callback end = new Callback() {
                @Override
                public void onTrainEpochEnd(Run run) {
                    ends.add(Weights.sha256(run.module()));
                }
            };
            Trainers.quiet()
                    .maxEpochs(4)
                    .seed(short1.seed())
                    .callbacks(end)
                    .build()
                    .fit(module, train, val);
        }
        assertThat(ends.get(0)).isEqualTo(short1.weightsSha256());
    }

    /** Fails at the n-th batch since the search began, as a power cut would. */
    private static final class PowerCut implements Callback {
        private final int[] batchesLeft;

        PowerCut(int[] batchesLeft) {
            this.batchesLeft = batchesLeft;
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (batchesLeft[0]-- == 0) {
                throw new IllegalStateException("the power is gone");
            }
        }
    }

    @Test
    void killedAgainAndAgain_itEndsWithTheSameTableAndTheSameBits() throws IOException {
        Path parts = folder.resolve("parts");
        int cuts = 0;
        SearchResult<Config> resumed = null;
        while (resumed == null) {
            int[] batchesLeft = {5 + 2 * cuts};
            try {
                resumed = halving(config -> trainer(config).callbacks(new PowerCut(batchesLeft)))
                        .directory(parts)
                        .build()
                        .run();
            } catch (RuntimeException e) {
                assertThat(e).hasStackTraceContaining("the power is gone");
                cuts++;
            }
        }

        assertThat(cuts).isGreaterThanOrEqualTo(3);
        assertThat(resumed.table()).isEqualTo(whole.table());
        assertThat(resumed.best().weightsSha256()).isEqualTo(whole.best().weightsSha256());
        assertThat(Files.readString(parts.resolve("trials.csv")))
                .isEqualTo(Files.readString(shared.resolve("trials.csv")));
        assertThat(Files.readString(parts.resolve("trials.json")))
                .isEqualTo(Files.readString(shared.resolve("trials.json")));
    }

    /** Counts batches; the power goes at the end of a start, when its run is saved and its result not yet written down. */
    private static final class LateCut implements Callback {
        private final int[] startsLeft;
        private final List<Long> batches;

        LateCut(int[] startsLeft, List<Long> batches) {
            this.startsLeft = startsLeft;
            this.batches = batches;
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            batches.add(run.globalStep());
        }

        @Override
        public void teardown(Run run, Stage stage) {
            if (startsLeft[0]-- == 0) {
                throw new IllegalStateException("the power is gone");
            }
        }
    }

    @Test
    void killedBetweenAStintAndItsRecord_itTrainsNothingTwice() {
        List<Long> disturbed = new ArrayList<>();
        SearchResult<Config> resumed = null;
        for (int starts = 0; resumed == null; starts = starts == 0 ? 3 : 99) {
            int[] startsLeft = {starts};
            try {
                resumed = halving(config -> trainer(config).callbacks(new LateCut(startsLeft, disturbed)))
                        .directory(folder.resolve("parts"))
                        .build()
                        .run();
            } catch (RuntimeException e) {
                assertThat(e).hasStackTraceContaining("the power is gone");
            }
        }

        assertThat(resumed.table()).isEqualTo(whole.table());
        assertThat(disturbed).isEqualTo(BATCHES);
    }

    @Test
    void grid_triesEveryCombinationAsLong() throws IOException {
        SearchResult<Config> result = Search.builder(space(), Tried::new, SearchTest::trainer)
                .data(config -> new DataLoaders(train, val))
                .monitor("val_accuracy", Mode.MAX)
                .grid(2)
                .epochs(1)
                .directory(folder)
                .seed(2)
                .build()
                .run();

        assertThat(result.trials())
                .extracting(Trial::config)
                .containsExactlyInAnyOrder(
                        new Config(1e-4, Mode.MIN),
                        new Config(1e-4, Mode.MAX),
                        new Config(1e-1, Mode.MIN),
                        new Config(1e-1, Mode.MAX));
        assertThat(result.trials().stream().map(Trial::seed).distinct()).hasSize(4);
        assertThat(result.trials()).extracting(Trial::value).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(result.table().lines().toList().get(1).trim().split(" +"))
                .containsExactly("trial", "lr", "unused", "epochs", "val_accuracy");
        assertThat(Files.readAllLines(folder.resolve("trials.csv")))
                .hasSize(5)
                .first()
                .isEqualTo("trial,lr,unused,seed,epochs,val_accuracy,weights_sha256");
    }

    @Test
    void anotherSearch_isRefusedInTheSameDirectory() {
        halving(SearchTest::trainer).random(2).directory(folder).build().run();

        assertThatThrownBy(() -> halving(SearchTest::trainer)
                        .random(2)
                        .seed(6)
                        .directory(folder)
                        .build()
                        .run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        folder + " holds a search with another seed: 5, not 6. Go on with the same search, or choose"
                                + " another directory.");
        assertThatThrownBy(() ->
                        halving(SearchTest::trainer).directory(folder).build().run())
                .hasMessageContaining("another strategy: 2 random trials, not 5 random trials");
        assertThatThrownBy(() -> halving(SearchTest::trainer)
                        .random(2)
                        .epochs(4)
                        .directory(folder)
                        .build()
                        .run())
                .hasMessageContaining("another epochs: [1, 2, 4], not [4]");
    }

    @Test
    void nativeMemory_isAsBefore() {
        NativeMemory before = NativeMemory.now();

        halving(SearchTest::trainer)
                .random(3)
                .directory(folder.resolve("run"))
                .build()
                .run();

        assertThat(NativeMemory.now()).isEqualTo(before);
    }

    @Test
    void whatIsMissing_isSaid() {
        assertThatThrownBy(() ->
                        Search.builder(space(), Tried::new, SearchTest::trainer).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("A search needs data(train, val), monitor(");
        assertThatThrownBy(() -> halving(SearchTest::trainer)
                        .monitor("val_f1", Mode.MAX)
                        .directory(folder)
                        .build()
                        .run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The search monitors 'val_f1', which was not logged; known are [train_loss");
    }

    @Test
    void anInterrupt_endsItAndItGoesOn() {
        Path parts = folder.resolve("parts");
        Callback interrupting = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                if (run.epoch() == 1) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Search<Config> interrupted = halving(config -> trainer(config).callbacks(interrupting))
                .directory(parts)
                .build();

        assertThatThrownBy(interrupted::run)
                .isInstanceOf(LightningException.class)
                .hasMessageMatching("The search was interrupted in trial \\d after 1 epochs .*");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(halving(SearchTest::trainer).directory(parts).build().run().table())
                .isEqualTo(whole.table());
    }
}
