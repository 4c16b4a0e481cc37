package io.github.lightning4j.callback;

import static io.github.lightning4j.fixture.FakeOptimizer.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.fixture.FakeOptimizer;
import io.github.lightning4j.fixture.FakeRun;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearningRateMonitorTest {
    private final FakeRun run = new FakeRun();

    @Test
    void everyStep_logsTheRateOfEachStep() {
        ParamGroup group = group("pg1", Map.of("lr", 0.1));
        run.optimizers.add(FakeOptimizer.of("Adam", group));
        LearningRateMonitor monitor = LearningRateMonitor.everyStep();
        monitor.onTrainStart(run);
        monitor.onTrainEpochStart(run);
        assertThat(run.logged).isEmpty();
        step(monitor);
        assertThat(run.logged).containsExactly(entry("lr-Adam", 0.1));
        assertThat(run.loggedOptions)
                .containsEntry("lr-Adam", LogOptions.defaults().onStep(true).onEpoch(false));
        group.setLr(0.05);
        step(monitor);
        assertThat(run.logged).containsExactly(entry("lr-Adam", 0.05));
    }

    @Test
    void aThousandSteps_leaveNothingInIt() throws IllegalAccessException {
        run.optimizers.add(FakeOptimizer.of("SGD", group("pg1", Map.of("lr", 0.5))));
        LearningRateMonitor monitor = LearningRateMonitor.everyStep();
        monitor.onTrainStart(run);
        step(monitor);
        int afterOne = held(monitor);
        for (int i = 0; i < 1000; i++) {
            step(monitor);
        }
        assertThat(held(monitor)).isEqualTo(afterOne).isEqualTo(1);
    }

    private static int held(LearningRateMonitor monitor) throws IllegalAccessException {
        int elements = 0;
        for (Field field : LearningRateMonitor.class.getDeclaredFields()) {
            field.setAccessible(true);
            assertThat(field.get(monitor)).isNotInstanceOf(Map.class);
            elements += field.get(monitor) instanceof Collection<?> some && !Modifier.isStatic(field.getModifiers())
                    ? some.size()
                    : 0;
        }
        return elements;
    }

    @Test
    void everyEpoch_logsTheRateAtTheEpochsStart() {
        run.optimizers.add(FakeOptimizer.of("SGD", group("pg1", Map.of("lr", 0.5))));
        LearningRateMonitor monitor = LearningRateMonitor.everyEpoch();
        monitor.onTrainStart(run);
        monitor.onTrainEpochStart(run);
        assertThat(run.logged).containsExactly(entry("lr-SGD", 0.5));
        run.logged.clear();
        step(monitor);
        assertThat(run.logged).isEmpty();
    }

    @Test
    void keys_tellOptimizersAndGroupsApart() {
        run.optimizers.add(FakeOptimizer.of(
                "Adam",
                group("pg1", Map.of("lr", 1.0, "beta1", 0.9, "weight_decay", 0.01)),
                group("no_decay", Map.of("lr", 2.0, "beta1", 0.8, "weight_decay", 0.0))));
        run.optimizers.add(FakeOptimizer.of("Adam", group("pg1", Map.of("lr", 3.0))));
        run.optimizers.add(FakeOptimizer.of("SGD", group("pg1", Map.of("lr", 4.0, "momentum", 0.7))));
        LearningRateMonitor.everyEpoch().withMomentum().withWeightDecay().onTrainEpochStart(run);
        assertThat(run.logged)
                .containsExactly(
                        entry("lr-Adam/pg1", 1.0),
                        entry("lr-Adam/pg1-momentum", 0.9),
                        entry("lr-Adam/pg1-weight_decay", 0.01),
                        entry("lr-Adam/no_decay", 2.0),
                        entry("lr-Adam/no_decay-momentum", 0.8),
                        entry("lr-Adam/no_decay-weight_decay", 0.0),
                        entry("lr-Adam-1", 3.0),
                        entry("lr-SGD", 4.0),
                        entry("lr-SGD-momentum", 0.7));
    }

    @Test
    void groupsOfOneName_areRefused() {
        run.optimizers.add(
                FakeOptimizer.of("Adam", group("body", Map.of("lr", 1.0)), group("body", Map.of("lr", 2.0))));
        assertThatThrownBy(() -> LearningRateMonitor.everyStep().onTrainStart(run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'body'");
    }

    private void step(LearningRateMonitor monitor) {
        try (NDManager manager = NDManager.newBaseManager()) {
            monitor.onTrainBatchStart(run, batch(manager), 0);
        }
    }

    private static Batch batch(NDManager manager) {
        return new Batch(manager, new ai.djl.ndarray.NDList(), new ai.djl.ndarray.NDList(), 1, null, null, 0, 1);
    }
}
