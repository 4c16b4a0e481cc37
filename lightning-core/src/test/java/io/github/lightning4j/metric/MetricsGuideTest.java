package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.testing.States;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the Java blocks of docs/metrics.md, which are parts of this class. */
class MetricsGuideTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "metrics.md");
    }

    @TestFactory
    Stream<DynamicTest> everyMetric_hasAnEntryInTheGuide() throws IOException {
        String page = Files.readString(Path.of("../docs/metrics.md"));
        List<Class<?>> metrics;
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/github/lightning4j/metric"))) {
            metrics = sources.map(MetricsGuideTest::classOf)
                    .filter(type -> Metric.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                    .toList();
        }
        assertThat(metrics).hasSizeGreaterThan(40);
        return metrics.stream()
                .map(type -> dynamicTest(
                        type.getSimpleName(),
                        () -> assertThat(page).containsPattern("\\| .*`" + type.getSimpleName() + "`.* \\|")));
    }

    private static Class<?> classOf(Path source) {
        try {
            return Class.forName("io.github.lightning4j.metric."
                    + source.getFileName().toString().replace(".java", ""));
        } catch (ClassNotFoundException e) {
            return Void.class;
        }
    }

    @Test
    void lossAndAccuracy() {
        NDArray logits = manager.create(new float[] {5, 0, 0, 0, 5, 0}, new Shape(2, 3));
        NDArray labels = manager.create(new int[] {0, 2});

        NDArray loss = Losses.crossEntropy(logits, labels);

        assertThat(loss.getFloat()).isBetween(2.5f, 2.6f);

        Accuracy accuracy = new Accuracy(3);
        accuracy.update(logits, labels);
        double share = accuracy.compute();

        assertThat(share).isEqualTo(0.5);

        F1Score f1 = F1Score.multiclass(3)
                .average(Average.NONE)
                .classNames("cat", "dog", "owl")
                .build();
        f1.update(logits, labels);
        Map<String, Double> byClass = f1.value().scalars();

        assertThat(byClass).containsEntry("cat", 1.0).containsEntry("owl", 0.0);
    }

    @Test
    void scoresAndCollections() {
        NDArray logits = manager.create(new float[] {5, 0, 0, 0, 5, 0, 0, 1, 2}, new Shape(3, 3));
        NDArray labels = manager.create(new int[] {0, 1, 2});

        AUROC auroc = AUROC.multiclass(3).logits().average(Average.MACRO).build();
        auroc.update(logits, labels);
        double area = auroc.compute();

        PrecisionRecallCurve curve =
                PrecisionRecallCurve.multiclass(3).logits().thresholds(100).build();
        curve.update(logits, labels);
        MetricValue lines = curve.value();

        assertThat(area).isEqualTo(1);
        assertThat(((MetricValue.Curve) lines).lines()).hasSize(3);

        MetricCollection metrics = MetricCollection.builder()
                .add(Accuracy.multiclass(3).build())
                .add("f1", F1Score.multiclass(3).average(Average.NONE).build())
                .add(ConfusionMatrix.multiclass(3).build())
                .prefix("val_")
                .build();
        metrics.update(logits, labels);
        Map<String, Double> numbers = metrics.value().scalars();
        MetricValue matrix = metrics.get("ConfusionMatrix").value();

        assertThat(numbers).containsOnlyKeys("val_Accuracy", "val_f1_0", "val_f1_1", "val_f1_2");
        assertThat(((MetricValue.Matrix) matrix).rows()).hasSize(3);
    }

    @Test
    void aMetricOfOnesOwn() {
        ErrorCount errors = new ErrorCount();
        errors.update(manager.create(new long[] {1, 2, 3}), manager.create(new long[] {1, 3, 2}));
        ErrorCount loaded = new ErrorCount();
        loaded.load(States.saved(errors));
        assertThat(loaded.compute()).isEqualTo(2);
        loaded.reset();
        assertThat(loaded.compute()).isZero();
    }

    @Test
    void initialValues() {
        SequentialBlock net = TorchInitializer.applyTo(new SequentialBlock()
                .add(Linear.builder().setUnits(50).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(3).build()));

        net.initialize(manager, DataType.FLOAT32, new Shape(1, 100));
        NDArray bias = net.getParameters().valueAt(1).getArray();
        assertThat(bias.abs().max().getFloat()).isPositive().isLessThanOrEqualTo(0.1f);
    }

    static final class ErrorCount implements Metric {
        private long errors;

        void update(NDArray predicted, NDArray labels) {
            try (NDArray different = predicted.neq(labels);
                    NDArray count = different.sum()) {
                errors += count.getLong();
            }
        }

        @Override
        public double compute() {
            return errors;
        }

        @Override
        public void reset() {
            errors = 0;
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("errors", errors);
        }

        @Override
        public void load(StateReader state) {
            errors = state.getLong("errors");
        }
    }
}
