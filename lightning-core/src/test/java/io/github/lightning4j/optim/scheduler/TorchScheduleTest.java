package io.github.lightning4j.optim.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.TorchReference;
import io.github.lightning4j.testing.States;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every schedule against the rates, and momenta, that torch computed. */
class TorchScheduleTest {
    private static final TorchReference ONE_GROUP = TorchReference.load("torch-optim.json");
    private static final TorchReference TWO_GROUPS = TorchReference.load("more-torch-optim.json");

    static Stream<String> schedulesOfOneGroup() {
        return ONE_GROUP.section("schedulers").keySet().stream();
    }

    static Stream<String> schedulesOfTwoGroups() {
        return TWO_GROUPS.section("schedulers").keySet().stream();
    }

    static Stream<Arguments> all() {
        return Stream.concat(
                schedulesOfOneGroup().map(name -> Arguments.of(ONE_GROUP, name)),
                schedulesOfTwoGroups().map(name -> Arguments.of(TWO_GROUPS, name)));
    }

    @ParameterizedTest
    @MethodSource("schedulesOfOneGroup")
    void rates_areTorchs(String name) {
        JsonObject run = ONE_GROUP.section("schedulers").getAsJsonObject(name);
        double[] expected = TorchReference.doubles(run.get("lrs"));
        double[] metric = ONE_GROUP.numbers("plateau_metric");

        try (Optimizer optimizer =
                SGD.builder(SomeParameters.named("a")).lr(0.1).build()) {
            LrScheduler scheduler = TorchSchedules.build(name, run.getAsJsonObject("args"), optimizer);
            for (int step = 0; step < expected.length; step++) {
                double lr = optimizer.paramGroups().get(0).lr();
                assertThat(lr).as("rate of step %d", step).isCloseTo(expected[step], within(1e-12));
                assertThat(scheduler.lastLr()).containsExactly(lr);
                if (step + 1 < expected.length) {
                    scheduler.step(metric[step]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedulesOfTwoGroups")
    void ratesAndMomentaOfTwoGroups_areTorchs(String name) {
        JsonObject run = TWO_GROUPS.section("schedulers").getAsJsonObject(name);
        JsonArray lrs = run.getAsJsonArray("lrs");
        JsonArray momenta = run.getAsJsonArray("momenta");
        double[] metric = TWO_GROUPS.numbers("plateau_metric");

        try (Optimizer optimizer = twoGroups()) {
            LrScheduler scheduler = TorchSchedules.build(name, run.getAsJsonObject("args"), optimizer);
            for (int step = 0; step < lrs.size(); step++) {
                assertThat(options(optimizer, "lr"))
                        .as("rates of step %d", step)
                        .containsExactly(TorchReference.doubles(lrs.get(step)), within(1e-12));
                assertThat(options(optimizer, "momentum"))
                        .as("momenta of step %d", step)
                        .containsExactly(TorchReference.doubles(momenta.get(step)), within(1e-12));
                if (step + 1 < lrs.size()) {
                    scheduler.step(metric[step]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void restoredAfterAnyNumberOfSteps_continuesBitForBit(TorchReference reference, String name) {
        JsonObject arguments =
                reference.section("schedulers").getAsJsonObject(name).getAsJsonObject("args");
        double[] metric = reference.numbers("plateau_metric");
        List<double[]> whole = new ArrayList<>();
        List<StateReader[]> states = new ArrayList<>();
        try (Optimizer optimizer = twoGroups()) {
            LrScheduler scheduler = TorchSchedules.build(name, arguments, optimizer);
            for (int step = 0; step < metric.length; step++) {
                states.add(new StateReader[] {States.saved(optimizer), States.saved(scheduler)});
                whole.add(options(optimizer, "lr"));
                whole.add(options(optimizer, "momentum"));
                if (step + 1 < metric.length) {
                    scheduler.step(metric[step]);
                }
            }
        }
        for (int start = 0; start < metric.length; start += 5) {
            try (Optimizer optimizer = twoGroups()) {
                LrScheduler scheduler = TorchSchedules.build(name, arguments, optimizer);
                optimizer.load(states.get(start)[0]);
                scheduler.load(states.get(start)[1]);
                for (int step = start; step < metric.length; step++) {
                    assertThat(options(optimizer, "lr")).containsExactly(whole.get(2 * step));
                    assertThat(options(optimizer, "momentum")).containsExactly(whole.get(2 * step + 1));
                    if (step + 1 < metric.length) {
                        scheduler.step(metric[step]);
                    }
                }
            }
        }
    }

    private static Optimizer twoGroups() {
        return SGD.builder(SomeParameters.named("a"))
                .lr(0.1)
                .momentum(0.5)
                .group("b", SomeParameters.named("b"))
                .lr(0.05)
                .build();
    }

    private static double[] options(Optimizer optimizer, String option) {
        return optimizer.paramGroups().stream()
                .mapToDouble((ParamGroup group) -> group.get(option))
                .toArray();
    }
}
