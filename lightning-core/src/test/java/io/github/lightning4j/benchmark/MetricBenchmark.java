package io.github.lightning4j.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.metric.AUROC;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.metric.BatchMetric;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.F1Score;
import io.github.lightning4j.metric.MeanSquaredError;
import io.github.lightning4j.metric.MetricCollection;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an update of a metric costs, at a batch of 256 samples of 10 classes: microseconds of the thread's CPU
 * time, the least and the median of 30 means over 2,000 updates.
 */
public final class MetricBenchmark {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int SAMPLES = 256;
    private static final int CLASSES = 10;
    private static final int UPDATES = 2_000;
    private static final int CHUNKS = 30;

    private MetricBenchmark() {}

    public static void main(String[] arguments) {
        TorchRuntime.load();
        Map<String, BatchMetric> metrics = new LinkedHashMap<>();
        metrics.put("Accuracy", new Accuracy(CLASSES));
        metrics.put("F1Score", F1Score.multiclass(CLASSES).build());
        metrics.put("ConfusionMatrix", ConfusionMatrix.multiclass(CLASSES).build());
        metrics.put(
                "MetricCollection of three",
                MetricCollection.builder()
                        .add(Accuracy.multiclass(CLASSES).build())
                        .add(F1Score.multiclass(CLASSES).build())
                        .add(ConfusionMatrix.multiclass(CLASSES).build())
                        .build());
        metrics.put(
                "AUROC of 100 thresholds",
                AUROC.multiclass(CLASSES).logits().thresholds(100).build());
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.randomNormal(new Shape(SAMPLES, CLASSES));
            NDArray labels = manager.arange(SAMPLES).mod(CLASSES);
            metrics.forEach((name, metric) -> print(name, metric, logits, labels));
            print("MeanSquaredError", new MeanSquaredError(), logits, logits);
        }
    }

    private static void print(String name, BatchMetric metric, NDArray predictions, NDArray labels) {
        double[] chunks = new double[CHUNKS];
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            long start = CLOCK.getCurrentThreadCpuTime();
            for (int i = 0; i < UPDATES; i++) {
                metric.update(predictions, labels);
            }
            chunks[chunk] = (CLOCK.getCurrentThreadCpuTime() - start) / 1e3 / UPDATES;
        }
        Arrays.sort(chunks);
        System.out.printf("%-28s %6.2f least %6.2f median%n", name, chunks[0], chunks[CHUNKS / 2]);
    }
}
