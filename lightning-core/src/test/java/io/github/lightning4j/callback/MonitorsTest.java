package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Logger;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ThroughputMonitor and DeviceStatsMonitor. */
class MonitorsTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** Keeps rows as they come, times included. */
    private static final class Rows implements Logger {
        private final List<Map<String, Double>> all = new ArrayList<>();

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            all.add(Map.copyOf(metrics));
        }

        private List<Map<String, Double>> with(String prefix) {
            return all.stream()
                    .filter(row -> row.keySet().stream().anyMatch(name -> name.startsWith(prefix)))
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> monitors_passAllChecks() {
        return Checks.tests(
                "ThroughputMonitor beside a DeviceStatsMonitor",
                CallbackKit.builder(() ->
                                ThroughputMonitor.builder().everyNBatches(2).build())
                        .beside(() -> new DeviceStatsMonitor(2))
                        .build()
                        .checks());
    }

    @Test
    void rates_areThoseOfTheLastWindow_withoutValidations() throws Exception {
        Rows rows = new Rows();
        ThroughputMonitor monitor = ThroughputMonitor.builder()
                .window(2)
                .everyNBatches(2)
                .flopsPerSample(1000)
                .peakFlops(1e6)
                .build();
        LambdaCallback slow = LambdaCallback.builder()
                .onTrainBatchStart((run, batch, index) -> sleep(index < 2 ? 0 : 40))
                .onValidationStart(run -> sleep(300))
                .build();
        try (BoringModule module = new BoringModule()) {
            FitResult result = Trainers.quiet()
                    .loggers(rows)
                    .valCheckInterval(Every.steps(3))
                    .callbacks(monitor, slow)
                    .build()
                    .fit(module, data.regression(16, 4), data.regression(2, 2));

            assertThat(rows.with("throughput/")).hasSize(2);
            Map<String, Double> last = rows.with("throughput/").get(1);
            double batches = last.get("throughput/batches_per_second");
            // Two batches of 40 ms each; the validation of 300 ms between them does not count.
            assertThat(batches).isBetween(4.0, 25.0);
            assertThat(last.get("throughput/samples_per_second")).isEqualTo(4 * batches);
            assertThat(last.get("throughput/flops_per_second")).isEqualTo(4000 * batches);
            assertThat(last.get("throughput/mfu")).isEqualTo(4000 * batches / 1e6);
            assertThat(monitor.rates()).isEqualTo(last);
            assertThat(result.metrics()).doesNotContainKey("throughput/batches_per_second");
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void deviceStats_areThoseOfTheProcess() {
        Rows rows = new Rows();
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet()
                    .loggers(rows)
                    .callbacks(new DeviceStatsMonitor(2))
                    .build()
                    .fit(module, data.regression(16, 4));
        }
        assertThat(rows.with("device/")).hasSize(2).allSatisfy(row -> {
            assertThat(row.get("device/heap_mb")).isBetween(1.0, 1e6);
            assertThat(row.keySet())
                    .isSubsetOf(Set.of(
                            "device/process_cpu",
                            "device/system_cpu",
                            "device/resident_mb",
                            "device/heap_mb",
                            "device/native_mb",
                            "device/gpu_mb"));
            assertThat(row.getOrDefault("device/resident_mb", 100.0)).isBetween(20.0, 1e6);
        });
    }

    @Test
    void badOptions_areRefusedAtTheCall() {
        ThroughputMonitor.Builder builder = ThroughputMonitor.builder();
        assertThatThrownBy(() -> builder.window(0)).hasMessageContaining("window is 0");
        assertThatThrownBy(() -> builder.everyNBatches(0)).hasMessageContaining("everyNBatches is 0");
        assertThatThrownBy(() -> builder.flopsPerSample(0)).hasMessageContaining("flopsPerSample is 0.0");
        assertThatThrownBy(() -> ThroughputMonitor.builder().peakFlops(1).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Set flopsPerSample");
        assertThatThrownBy(() -> new DeviceStatsMonitor(0)).hasMessageContaining("everyNBatches is 0");
    }
}
