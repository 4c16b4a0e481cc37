package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.fixture.FakeRun;
import org.junit.jupiter.api.Test;

class MonitoredMetricTest {
    private final FakeRun run = new FakeRun();
    private final MonitoredMetric metric = MonitoredMetric.of("loss");

    @Test
    void aMetricThatAppearsDuringAValidation_isMadeByIt() {
        validate(false);
        assertThat(metric.isOfValidation()).isFalse();
        validate(true);
        assertThat(metric.isOfValidation()).isTrue();
        metric.expectFromTraining();
        assertThat(metric.isOfTraining()).isFalse();
        assertThat(metric.value(run)).isEqualTo(0.5);
    }

    @Test
    void aMetricThatWasThereBefore_isMadeByTheTraining() {
        run.metrics.put("loss", 0.5);
        validate(true);
        assertThat(metric.isOfTraining()).isTrue();
        assertThat(metric.isOfValidation()).isFalse();
    }

    @Test
    void aMetricNobodyLogs_isNamedWithThoseThatAre() {
        run.metrics.put("val_loss", 1.0);
        run.metrics.put("acc", 1.0);
        assertThat(metric.value(run)).isNull();
        assertThat(metric.notLogged("EarlyStopping", run))
                .isEqualTo(
                        "EarlyStopping monitors 'loss', but no such metric was logged. Logged so far: [acc, val_loss].");
    }

    @Test
    void none_isNeverLogged() {
        MonitoredMetric none = MonitoredMetric.none();
        run.metrics.put("loss", 0.5);
        none.validationStarts(run);
        none.validationEnds(run);
        assertThat(none.isNone()).isTrue();
        assertThat(none.value(run)).isNull();
        assertThat(none.isOfTraining() || none.isOfValidation()).isFalse();
    }

    @Test
    void load_remembersWhereItComesFrom() {
        validate(true);
        MonitoredMetric loaded = MonitoredMetric.of("loss");
        StateTreeWriter state = new StateTreeWriter();
        metric.save(state);
        loaded.load(state.reader());
        assertThat(loaded.isOfValidation()).isTrue();
    }

    @Test
    void sanityChecksTrialRunsAndStandaloneValidations_doNotCount() {
        assertThat(MonitoredMetric.counts(run)).isTrue();
        run.stage = Stage.SANITY_CHECK;
        assertThat(MonitoredMetric.counts(run)).isFalse();
        run.stage = Stage.TRAIN;
        run.fastDevRun = true;
        assertThat(MonitoredMetric.counts(run)).isFalse();
        run.fastDevRun = false;
        run.fitting = false;
        assertThat(MonitoredMetric.counts(run)).isFalse();
    }

    private void validate(boolean logs) {
        metric.validationStarts(run);
        if (logs) {
            run.metrics.put("loss", 0.5);
        }
        metric.validationEnds(run);
    }
}
