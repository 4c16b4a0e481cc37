package io.github.lightning4j.optim.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.testing.States;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulersTest {
    private final Optimizer sgd = SGD.builder(SomeParameters.named("w")).lr(0.1).build();

    @AfterEach
    void close() {
        sgd.close();
    }

    @Test
    void warmupCosine_risesOnALineThenFallsAlongACosine() {
        LrScheduler schedule = Schedules.warmupCosine(sgd, 4, 14, 0.02);
        double[] rates = new double[15];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = lr();
            schedule.step();
        }
        assertThat(rates[0]).isCloseTo(0.001, within(1e-15));
        assertThat(rates[2]).isCloseTo(0.1 * (0.01 + 0.99 * 2 / 4), within(1e-15));
        assertThat(rates[4]).isEqualTo(0.1);
        assertThat(rates[9]).isCloseTo(0.06, within(1e-15));
        assertThat(rates[14]).isCloseTo(0.02, within(1e-15));
    }

    @Test
    void tracker_setsItsValueAfterEachStep() {
        Supplier<Tracker> make = () -> Tracker.multiFactor()
                .setBaseValue(0.5f)
                .setSteps(new int[] {2, 4})
                .optFactor(0.1f)
                .build();
        LrScheduler schedule = new TrackerLR(sgd, make.get());
        Tracker tracker = make.get();
        for (int step = 0; step < 4; step++) {
            assertThat(lr()).isEqualTo(tracker.getNewValue(step));
            schedule.step();
        }
        LrScheduler resumed = new TrackerLR(sgd, make.get());
        States.copy(schedule, resumed);
        resumed.step();
        assertThat(lr()).isEqualTo(tracker.getNewValue(5));
    }

    @Test
    void oneCycle_beyondItsEnd_throws() {
        LrScheduler schedule = new OneCycleLR(sgd, 0.1, 3);
        schedule.step();
        schedule.step();
        schedule.step();

        assertThatThrownBy(schedule::step)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("4 times")
                .hasMessageContaining("totalSteps is 3");
    }

    @Test
    void schedulesInOptimizerSteps_saySo() {
        assertThat(new OneCycleLR(sgd, 0.1, 3).meantForSteps()).isTrue();
        assertThat(CyclicLR.builder(sgd, 0.1, 0.2).build().meantForSteps()).isTrue();
        assertThat(Schedules.warmupCosine(sgd, 1, 2).meantForSteps()).isFalse();
        assertThat(new StepLR(sgd, 1).meantForSteps()).isFalse();
        assertThat(new ChainedScheduler(new OneCycleLR(sgd, 0.1, 3)).meantForSteps())
                .isTrue();
    }

    @Test
    void plateau_withoutMetric_throws() {
        LrScheduler plateau = new ReduceLROnPlateau(sgd);

        assertThat(plateau.needsMetric()).isTrue();
        assertThatThrownBy(plateau::step)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("monitor");
    }

    @Test
    void plateau_reducesAGroupAddedLaterToo() {
        LrScheduler plateau =
                ReduceLROnPlateau.builder(sgd).patience(0).factor(0.5).build();
        sgd.addParamGroup("late", SomeParameters.named("v"), Map.of("lr", 0.8));
        plateau.step(1);
        plateau.step(2);

        assertThat(plateau.lastLr()).containsExactly(0.05, 0.4);
    }

    @Test
    void groupAddedLater_isLeftAloneByOtherSchedules() {
        LrScheduler schedule = new ExponentialLR(sgd, 0.5);
        sgd.addParamGroup("late", SomeParameters.named("v"), Map.of("lr", 0.8));
        schedule.step();

        assertThat(sgd.paramGroups().get(1).lr()).isEqualTo(0.8);
        assertThat(schedule.lastLr()).containsExactly(0.05);
    }

    @Test
    void load_ofAnotherSchedule_isRefused() {
        LrScheduler saved = new StepLR(sgd, 3);

        for (LrScheduler other : List.of(new ExponentialLR(sgd, 0.9), new ReduceLROnPlateau(sgd))) {
            assertThatThrownBy(() -> States.copy(saved, other))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("StepLR")
                    .hasMessageContaining(other.name());
        }
    }

    static Stream<Arguments> badArguments() {
        return Stream.of(
                bad("stepSize is 0", s -> new StepLR(s, 0)),
                bad("gamma is -1.0", s -> new StepLR(s, 1, -1)),
                bad("gamma is NaN", s -> new ExponentialLR(s, Double.NaN)),
                bad("milestone is -1", s -> new MultiStepLR(s, 0.1, -1)),
                bad("factor is 0.0", s -> new ConstantLR(s, 0, 5)),
                bad("startFactor is 0.0", s -> new LinearLR(s, 0, 1, 5)),
                bad("endFactor is 1.5", s -> new LinearLR(s, 0.5, 1.5, 5)),
                bad("totalIters is 0", s -> new LinearLR(s, 0.5, 1, 0)),
                bad("power is -1.0", s -> new PolynomialLR(s, 5, -1)),
                bad("tMax is 0", s -> new CosineAnnealingLR(s, 0)),
                bad("t0 is 0", s -> new CosineAnnealingWarmRestarts(s, 0)),
                bad("tMult is 0", s -> new CosineAnnealingWarmRestarts(s, 5, 0, 0)),
                bad("totalSteps is 0", s -> new OneCycleLR(s, 0.1, 0)),
                bad("maxLr is 0.0", s -> new OneCycleLR(s, 0, 5)),
                bad(
                        "pctStart is 1.1",
                        s -> OneCycleLR.builder(s, 5, 0.1).pctStart(1.1).build()),
                bad(
                        "maxLr has 2 values",
                        s -> OneCycleLR.builder(s, 5, 0.1, 0.2).build()),
                bad(
                        "maxMomentum is 1.0",
                        s -> OneCycleLR.builder(s, 5, 0.1).momentum(0.5, 1).build()),
                bad("baseLr is -1.0", s -> CyclicLR.builder(s, -1, 0.1).build()),
                bad(
                        "steps up is 0",
                        s -> CyclicLR.builder(s, 0, 0.1).stepSize(0, 1).build()),
                bad("factor is 1.0", s -> ReduceLROnPlateau.builder(s).factor(1).build()),
                bad(
                        "patience is -1",
                        s -> ReduceLROnPlateau.builder(s).patience(-1).build()),
                bad(
                        "minLr has 3 values",
                        s -> ReduceLROnPlateau.builder(s).minLr(0, 0, 0).build()),
                bad("2 factors", s -> new LambdaLR(s, step -> 1, step -> 2)),
                bad("no schedule", s -> new ChainedScheduler()),
                bad("0 milestones", s -> new SequentialLR(List.of(new StepLR(s, 1), new StepLR(s, 2)))),
                bad("milestone 0 is 0", s -> new SequentialLR(List.of(new StepLR(s, 1), new StepLR(s, 2)), 0)),
                bad(
                        "different optimizers",
                        s -> new ChainedScheduler(
                                new StepLR(s, 1),
                                new StepLR(
                                        SGD.builder(SomeParameters.named("v")).build(), 1))),
                bad("totalSteps is 3", s -> Schedules.warmupCosine(s, 3, 3)));
    }

    @ParameterizedTest
    @MethodSource("badArguments")
    void badArgument_isRefusedWithItsValue(String message, Function<Optimizer, LrScheduler> make) {
        assertThatThrownBy(() -> make.apply(sgd))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    private static Arguments bad(String message, Function<Optimizer, LrScheduler> make) {
        return Arguments.of(message, make);
    }

    private double lr() {
        return sgd.paramGroups().get(0).lr();
    }
}
