package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Stage;
import io.github.lightning4j.fixture.FakeRun;
import io.github.lightning4j.fixture.Setters;
import io.github.lightning4j.testing.States;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyStoppingTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private final FakeRun run = new FakeRun();

    EarlyStoppingTest() {
        run.hasValidation = true;
    }

    @Test
    void patience_countsChecksWithoutImprovement() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss").patience(2).build();
        validate(stopping, 1.0, 0.5, 0.6);
        assertThat(run.stopRequests).isEmpty();
        assertThat(stopping.waitCount()).isEqualTo(1);
        validate(stopping, 0.5);
        assertThat(run.stopRequests).containsExactly("val_loss has not improved in 2 checks; the best is 0.5");
        assertThat(stopping.stoppedEpoch()).isEqualTo(3);
        assertThat(stopping.bestScore()).isEqualTo(0.5);
    }

    @Test
    void minDelta_mustBeExceeded() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss")
                .mode(Mode.MAX)
                .minDelta(0.25)
                .patience(1)
                .build();
        validate(stopping, 0.5);
        validate(stopping, 0.75);
        assertThat(run.stopRequests)
                .containsExactly("val_loss has not improved by more than 0.25 in 1 check; the best is 0.5");
    }

    @Test
    void valuesThatAreNotFinite_stopUnlessAllowed() {
        validate(EarlyStopping.builder("val_loss").build(), 0.5, Double.NaN);
        assertThat(run.stopRequests).containsExactly("val_loss = NaN is not finite; the best before was 0.5");
        run.stopRequests.clear();
        run.metrics.clear();
        validate(
                EarlyStopping.builder("val_loss").checkFinite(false).patience(2).build(), 0.5, Double.NaN, 0.4);
        assertThat(run.stopRequests).isEmpty();
    }

    @Test
    void thresholds_stopAtOnce() {
        validate(EarlyStopping.builder("val_loss").stoppingThreshold(0.1).build(), 0.1, 0.05);
        assertThat(run.stopRequests).containsExactly("val_loss = 0.05 reached the stopping threshold 0.1");
        run.stopRequests.clear();
        run.metrics.clear();
        validate(EarlyStopping.builder("val_loss").divergenceThreshold(5).build(), 5, 6);
        assertThat(run.stopRequests).containsExactly("val_loss = 6.0 went beyond the divergence threshold 5.0");
    }

    @Test
    void aRequest_saysTheLatestReason_andIsWithdrawnOnRecovery() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss").patience(1).build();
        validate(stopping, 0.5, 0.6, 0.7);
        assertThat(run.stopRequests).containsExactly("val_loss has not improved in 2 checks; the best is 0.5");
        validate(stopping, 0.4);
        assertThat(run.stopRequests).isEmpty();
        assertThat(stopping.stopReason()).isNull();
        assertThat(stopping.stoppedEpoch()).isEqualTo(-1);
    }

    @Test
    void aMetricOfTheTrainingEpoch_isCheckedAtItsEnd_whateverValidationDoes() {
        EarlyStopping stopping = EarlyStopping.builder("train_loss").patience(1).build();
        run.metrics.put("val_loss", 1.0);
        stopping.onValidationStart(run);
        stopping.onValidationEnd(run);
        run.metrics.put("train_loss", 0.5);
        stopping.onTrainEpochEnd(run);
        stopping.onValidationStart(run);
        stopping.onValidationEnd(run);
        assertThat(stopping.waitCount()).as("checks at validations").isZero();
        run.batch();
        stopping.onTrainEpochEnd(run);
        assertThat(run.stopRequests).hasSize(1);
    }

    @Test
    void aMetricOfSteps_isNotTakenForOneOfTheValidation() {
        EarlyStopping stopping = EarlyStopping.builder("train_loss").patience(1).build();
        run.metrics.put("train_loss", 0.5);
        stopping.onValidationStart(run);
        stopping.onValidationEnd(run);
        assertThat(stopping.bestScore()).isEqualTo(INF);
        stopping.onTrainEpochEnd(run);
        assertThat(stopping.bestScore()).isEqualTo(0.5);
    }

    @Test
    void aMetricOfTheValidation_isNotCheckedAtEpochsWithoutOne() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss").patience(1).build();
        stopping.onTrainEpochEnd(run);
        validate(stopping, 0.5);
        stopping.onTrainEpochEnd(run);
        stopping.onTrainEpochEnd(run);
        assertThat(run.stopRequests).isEmpty();
        assertThat(stopping.waitCount()).isZero();
    }

    @Test
    void aMissingMetric_isNamedWithThoseThatExist() {
        EarlyStopping stopping = EarlyStopping.builder("val_los").build();
        validate(stopping, 0.5);
        run.metrics.put("train_loss", 1.0);
        assertThatThrownBy(() -> stopping.onTrainEpochEnd(run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'val_los'")
                .hasMessageContaining("[train_loss, val_loss]")
                .hasMessageContaining("strict(false)");
    }

    @Test
    void aMissingMetric_withoutValidation_isAnErrorAtTheFirstEpochsEnd() {
        run.hasValidation = false;
        assertThatThrownBy(() -> EarlyStopping.builder("val_loss").build().onTrainEpochEnd(run))
                .isInstanceOf(ConfigurationException.class);
        EarlyStopping lenient = EarlyStopping.builder("val_loss").strict(false).build();
        lenient.onTrainEpochEnd(run);
        assertThat(run.stopRequests).isEmpty();
    }

    @Test
    void sanityChecksTrialsAndStandaloneValidations_areLeftOut() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss").patience(1).build();
        run.stage = Stage.SANITY_CHECK;
        validate(stopping, 0.5, 0.6);
        run.stage = Stage.VALIDATE;
        run.fitting = false;
        validate(stopping, 0.5, 0.6);
        run.fitting = true;
        run.fastDevRun = true;
        validate(stopping, 0.5, 0.6);
        stopping.onTrainEpochEnd(run);
        assertThat(stopping.bestScore()).isEqualTo(INF);
    }

    @Test
    void load_restoresProgressButKeepsTheNewPatience() {
        EarlyStopping saved = EarlyStopping.builder("val_loss").patience(2).build();
        validate(saved, 0.5, 0.6);
        EarlyStopping loaded = EarlyStopping.builder("val_loss").patience(3).build();
        loaded.setup(run, Stage.TRAIN);
        loaded.load(States.saved(saved));
        validate(loaded, 0.7);
        assertThat(run.stopRequests).isEmpty();
        validate(loaded, 0.7);
        assertThat(run.stopRequests).hasSize(1);
    }

    @Test
    void setup_ofAnotherFit_startsAnew() {
        EarlyStopping stopping = EarlyStopping.builder("val_loss").patience(1).build();
        validate(stopping, 0.5, 0.6);
        stopping.setup(run, Stage.TRAIN);
        assertThat(stopping.waitCount()).isZero();
        assertThat(stopping.bestScore()).isEqualTo(INF);
        assertThat(stopping.stopReason()).isNull();
    }

    @Test
    void stateKey_differsByMetricAndMode() {
        assertThat(EarlyStopping.builder("val/loss").build().stateKey()).isEqualTo("EarlyStopping[val.loss, MIN]");
        assertThat(EarlyStopping.builder("acc").mode(Mode.MAX).build().stateKey())
                .isEqualTo("EarlyStopping[acc, MAX]");
    }

    @Test
    void builder_refusesWhatCannotBe() {
        EarlyStopping.Builder builder = EarlyStopping.builder("val_loss");
        assertThatThrownBy(() -> builder.patience(0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("patience is 0");
        assertThatThrownBy(() -> builder.minDelta(-0.1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("minDelta is -0.1");
        assertThatThrownBy(() -> builder.stoppingThreshold(Double.NaN)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder.divergenceThreshold(Double.NaN)).isInstanceOf(ConfigurationException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void builder_usedAgain_leavesWhatItBuiltAsItWas(boolean truth) throws ReflectiveOperationException {
        EarlyStopping.Builder builder =
                EarlyStopping.builder("val_loss").checkFinite(!truth).strict(!truth);
        EarlyStopping built = builder.build();
        Setters.callAll(builder, truth);
        EarlyStopping other = builder.build();
        EarlyStopping untouched = EarlyStopping.builder("val_loss")
                .checkFinite(!truth)
                .strict(!truth)
                .build();

        assertThat(requestedBy(built)).isEqualTo(requestedBy(untouched)).isNotEqualTo(requestedBy(other));
        assertThat(built.stateKey()).isEqualTo(untouched.stateKey()).isNotEqualTo(other.stateKey());
    }

    private List<String> requestedBy(EarlyStopping stopping) {
        List<String> requested = new ArrayList<>();
        stopping.setup(run, Stage.TRAIN);
        run.metrics.clear();
        for (double value : new double[] {8, 7.5, 9, 9, 9, Double.NaN}) {
            validate(stopping, value);
            requested.add(stopping.stopReason() + " after " + stopping.waitCount() + ", best " + stopping.bestScore());
        }
        return requested;
    }

    /** Runs validations as a fit does: the metric appears during the first. */
    private void validate(EarlyStopping stopping, double... values) {
        for (double value : values) {
            stopping.onValidationStart(run);
            run.metrics.put("val_loss", value);
            stopping.onValidationEnd(run);
            run.epoch++;
        }
    }
}
