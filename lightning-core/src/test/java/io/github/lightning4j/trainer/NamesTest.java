package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.util.PairList;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.optim.Adam;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a user names anything: it works, checkpoint and resume included, or is refused where it is named. */
class NamesTest {
    private static final List<String> NAMES = List.of(
            "",
            " ",
            "\t",
            "\n",
            "a\nb",
            "\u0000",
            "\u0001",
            "\u007f",
            "\u2028",
            "\ufeff",
            "/",
            "//",
            "/x",
            "x/",
            "x/y",
            "x//y",
            ".",
            "..",
            "../x",
            "\\",
            "a\\b",
            ":",
            "*",
            "?",
            "\"",
            "'",
            "a \"quoted\" name",
            "a,b;c",
            "%",
            "%002F",
            "50%",
            "{epoch}",
            "{}",
            "größe",
            "層",
            "🔥",
            "\ud83d",
            "\udd25x",
            "e\u0301",
            "x".repeat(5000),
            "__metadata__",
            "lightning4j",
            "digest",
            "input_shapes",
            "input_shapes/0",
            "model",
            "groups",
            "options",
            "defined",
            "value",
            "frozen",
            "optimizer",
            "tensors",
            "metric",
            "names",
            "step",
            "epoch",
            "NaN",
            "null",
            "=1+1",
            "-1",
            "0");

    @TempDir
    Path folder;

    /** Everything that can be called something is called by one name. */
    private static final class Named extends LightningModule {
        private final String name;
        private final Block net;
        private final MeanMetric mean = new MeanMetric();

        Named(String name, TestData data) {
            super(Map.of(name, name));
            this.name = name;
            this.net = addChildBlock(
                    name, Linear.builder().setUnits(TestData.TARGETS).build(), new Shape(1, TestData.FEATURES));
            buffer(name, data.manager().create(1f));
            metric(name, mean);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = Losses.mse(
                    call(net, batch.getData()).head(), batch.getLabels().head());
            mean.update(loss, 1);
            if (isLoggable()) {
                log(name, mean, LogOptions.defaults().onStep(true).onEpoch(true));
            }
            return loss;
        }

        /** The log refuses these, as {@link #namesOfLoggedValues_areRefusedAtTheCall} shows. */
        private boolean isLoggable() {
            return !name.isBlank() && !List.of("step", "epoch").contains(name);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            PairList<String, Parameter> parameter = new PairList<>();
            parameter.add(name, parameters().valueAt(0));
            PairList<String, Parameter> other = new PairList<>();
            other.add(name, parameters().valueAt(1));
            return Adam.builder(parameter).lr(0.01).group(name, other).build();
        }
    }

    private record Keyed(String stateKey, long[] loaded) implements Callback {
        @Override
        public void save(StateWriter state) {
            state.putLong("number", 7);
        }

        @Override
        public void load(StateReader state) {
            loaded[0] = state.getLong("number");
        }
    }

    @TestFactory
    Stream<DynamicTest> anyName_worksOrIsRefusedAtTheCall() {
        return NAMES.stream().map(name -> dynamicTest("'" + shown(name) + "'", () -> check(name)));
    }

    private static String shown(String name) {
        StringBuilder text = new StringBuilder();
        name.chars()
                .limit(30)
                .forEach(c -> text.append(c > 32 && c < 127 ? "" + (char) c : "\\" + Integer.toHexString(c)));
        return text.toString();
    }

    private void check(String name) {
        Path directory = folder.resolve(Integer.toString(NAMES.indexOf(name)));
        long[] loaded = {0};
        try (TestData data = TestData.open();
                Named first = new Named(name, data);
                Named second = new Named(name, data)) {
            trainer(directory, name, 1, new long[1]).fit(first, data.regression(4, 2));
            trainer(directory, name, 2, loaded).fit(second, data.regression(4, 2), CkptPath.last());
        } catch (ConfigurationException refused) {
            assertThat(refused).hasMessageContaining(name.contains(".") ? "has a dot in its name" : "surrogate");
            assertThat(name).isIn("\ud83d", "\udd25x", ".", "..", "../x");
            return;
        }
        assertThat(loaded[0]).isEqualTo(7);
        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve("checkpoints/epoch=1-step=4.safetensors"))) {
            assertThat(checkpoint.hyperparameters()).containsEntry(name, name);
        }
    }

    private static Trainer trainer(Path directory, String name, int epochs, long[] loaded) {
        return Trainers.quiet()
                .runDirectory(directory)
                .maxEpochs(epochs)
                .logEveryNSteps(1)
                .enableCheckpointing(true)
                .loggers(new CsvLogger())
                .callbacks(
                        new Keyed(name, loaded),
                        ModelCheckpoint.builder().saveTopK(-1).build())
                .build();
    }

    @TestFactory
    Stream<DynamicTest> namesOfFiles_workOrAreRefusedAtTheCall() {
        return NAMES.stream()
                .map(name -> dynamicTest("'" + shown(name) + "'", () -> {
                    ModelCheckpoint saver;
                    try {
                        saver = ModelCheckpoint.builder().filename(name).build();
                    } catch (ConfigurationException refused) {
                        return;
                    }
                    train(Trainers.quiet()
                            .runDirectory(folder.resolve("file" + NAMES.indexOf(name)))
                            .callbacks(saver));
                }));
    }

    @TestFactory
    Stream<DynamicTest> namesOfRuns_workOrAreRefusedAtTheCall() {
        return NAMES.stream()
                .map(name -> dynamicTest("'" + shown(name) + "'", () -> {
                    Trainer.Builder trainer =
                            Trainers.quiet().defaultRootDir(folder).enableCheckpointing(true);
                    try {
                        trainer.runName(name);
                    } catch (ConfigurationException refused) {
                        return;
                    }
                    train(trainer);
                }));
    }

    private static void train(Trainer.Builder trainer) {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            trainer.build().fit(module, data.regression(4, 2));
        }
    }

    @TestFactory
    Stream<DynamicTest> namesOfLoggedValues_areRefusedAtTheCall() {
        return Stream.of("", " ", "\n", "step", "epoch", "\ud83d")
                .map(name -> dynamicTest("'" + shown(name) + "'", () -> {
                    boolean[] refused = {false};
                    try (TestData data = TestData.open();
                            LightningModule module = new BoringModule() {
                                @Override
                                public NDArray trainingStep(Batch batch, int batchIndex) {
                                    try {
                                        log(name, 1.0);
                                    } catch (ConfigurationException e) {
                                        refused[0] = true;
                                    }
                                    return loss(batch);
                                }
                            }) {
                        Trainers.quiet().build().fit(module, data.regression(4, 2));
                    }
                    assertThat(refused[0]).isTrue();
                }));
    }
}
