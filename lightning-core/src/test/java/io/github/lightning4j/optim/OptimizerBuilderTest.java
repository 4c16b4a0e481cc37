package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.optim.scheduler.StepLR;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerBuilderTest {
    private static final PairList<String, Parameter> ONE = parameters("w");

    static Stream<Arguments> badCalls() {
        return Stream.of(
                bad("SGD", "lr is -0.1", "0 or more", () -> SGD.builder(ONE).lr(-0.1)),
                bad("Adam", "lr is NaN", "0 or more", () -> Adam.builder(ONE).lr(Double.NaN)),
                bad("Lion", "lr is Infinity", "finite", () -> Lion.builder(ONE).lr(Double.POSITIVE_INFINITY)),
                bad("Adam", "beta1 is 1.0", "below 1", () -> Adam.builder(ONE).betas(1, 0.9)),
                bad(
                        "AdamW",
                        "beta2 is -0.1",
                        "0 or more",
                        () -> AdamW.builder(ONE).betas(0.9, -0.1)),
                bad("Lion", "beta2 is 1.5", "below 1", () -> Lion.builder(ONE).betas(0.9, 1.5)),
                bad("NAdam", "eps is 0.0", "above 0", () -> NAdam.builder(ONE).eps(0)),
                bad(
                        "Adagrad",
                        "eps is -1.0",
                        "above 0",
                        () -> Adagrad.builder(ONE).eps(-1)),
                bad(
                        "RAdam",
                        "weight_decay is -1.0",
                        "0 or more",
                        () -> RAdam.builder(ONE).weightDecay(-1)),
                bad(
                        "SGD",
                        "momentum is -1.0",
                        "0 or more",
                        () -> SGD.builder(ONE).momentum(-1)),
                bad("SGD", "dampening is NaN", "finite", () -> SGD.builder(ONE).dampening(Double.NaN)),
                bad(
                        "RMSprop",
                        "alpha is 1.1",
                        "from 0 to 1",
                        () -> RMSprop.builder(ONE).alpha(1.1)),
                bad(
                        "Adadelta",
                        "rho is -0.1",
                        "from 0 to 1",
                        () -> Adadelta.builder(ONE).rho(-0.1)),
                bad(
                        "Adagrad",
                        "lr_decay is -1.0",
                        "0 or more",
                        () -> Adagrad.builder(ONE).lrDecay(-1)),
                bad(
                        "NAdam",
                        "momentum_decay",
                        "0 or more",
                        () -> NAdam.builder(ONE).momentumDecay(-1)),
                bad(
                        "Adagrad",
                        "initial_accumulator_value",
                        "0 or more",
                        () -> Adagrad.builder(ONE).initialAccumulatorValue(-1)),
                bad("Adam", "no parameters", "pg1", () -> Adam.builder(new PairList<>())),
                bad("Adam", "no parameters", "'b'", () -> Adam.builder(ONE).group("b", new PairList<>())),
                bad(
                        "SGD",
                        "already in group 'pg1'",
                        "'w'",
                        () -> SGD.builder(ONE).group("b", ONE)),
                bad("SGD", "two groups 'pg1'", "name", () -> SGD.builder(ONE).group("pg1", parameters("v"))),
                bad("SGD", "two parameters named 'w'", "rename", () -> SGD.builder(parameters("w", "w"))),
                bad(
                        "SGD",
                        "momentum 0.0",
                        "Nesterov",
                        () -> SGD.builder(ONE).nesterov(true).build()),
                bad(
                        "SGD",
                        "dampening 0.1",
                        "Nesterov",
                        () -> SGD.builder(ONE)
                                .momentum(0.9)
                                .dampening(0.1)
                                .nesterov(true)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("badCalls")
    void badValue_isRefusedWithValueAndRange(String optimizer, String value, String range, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(optimizer)
                .hasMessageContaining(value)
                .hasMessageContaining(range);
    }

    @Test
    void valuesAtTheEndsOfTheRanges_areAccepted() {
        assertThatCode(() -> {
                    Adam.builder(ONE).lr(0).betas(0, 0).weightDecay(0).build().close();
                    RMSprop.builder(ONE).alpha(1).momentum(0).build().close();
                    SGD.builder(ONE).momentum(1.5).nesterov(true).build().close();
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"learning_rate", "momentum", ""})
    void optionThatIsNone_isRefusedWithThoseThereAre(String option) {
        try (Adam adam = Adam.builder(ONE).build()) {
            List<ThrowingCallable> calls = List.of(
                    () -> adam.addParamGroup("b", parameters("v"), Map.of(option, 0.1)),
                    () -> adam.paramGroups().get(0).get(option),
                    () -> adam.paramGroups().get(0).set(option, 0.1));

            assertThat(calls)
                    .allSatisfy(call -> assertThatThrownBy(call)
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("no option '" + option + "'; it has [lr, weight_decay, "));
        }
    }

    @Test
    void sameParameterTwiceInOneGroup_isRefused() {
        PairList<String, Parameter> twice = new PairList<>();
        twice.add("a", ONE.valueAt(0));
        twice.add("b", ONE.valueAt(0));

        assertThatThrownBy(() -> SGD.builder(twice))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    void several_keepOrderAndSchedulers() {
        SGD first = SGD.builder(ONE).build();
        SGD second = SGD.builder(parameters("v")).build();

        OptimizerConfig config = OptimizerConfig.of(first.withScheduler(new StepLR(first, 3), Every.steps(2)), second);

        assertThat(config.optimizers()).containsExactly(first, second);
        assertThat(config.schedulers()).hasSize(1);
        assertThatThrownBy(() -> OptimizerConfig.of(first, first))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(OptimizerConfig::of).isInstanceOf(ConfigurationException.class);
    }

    private static Arguments bad(String optimizer, String value, String range, ThrowingCallable call) {
        return Arguments.of(optimizer, value, range, call);
    }

    private static PairList<String, Parameter> parameters(String... names) {
        PairList<String, Parameter> result = new PairList<>();
        for (String name : names) {
            result.add(
                    name,
                    Parameter.builder()
                            .setName(name)
                            .setType(Parameter.Type.WEIGHT)
                            .build());
        }
        return result;
    }
}
