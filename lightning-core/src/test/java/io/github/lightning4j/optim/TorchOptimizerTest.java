package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What all optimizers do with their parameters, beyond the mathematics. */
@ParameterizedClass
@EnumSource(TensorBackend.class)
class TorchOptimizerTest {
    private final TensorBackend previous = TensorBackend.current();
    private final TensorBackend backend;
    private final TorchReference reference = TorchReference.load("torch-optim.json");
    private TrainedParameters parameters;

    TorchOptimizerTest(TensorBackend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void makeParameters() {
        TensorBackend.use(backend);
        parameters = TrainedParameters.of(reference, DataType.FLOAT64);
    }

    @AfterEach
    void close() {
        parameters.close();
        TensorBackend.use(previous);
    }

    @Test
    void stepBeforeBackward_changesNothing() {
        double[] before = parameters.values(0);
        try (Optimizer adamW = AdamW.builder(parameters.list()).build()) {
            adamW.step();
            adamW.zeroGrad();
        }
        assertThat(parameters.values(0)).containsExactly(before);
    }

    @Test
    void parameterNeverReached_isSkipped() {
        double[] before = parameters.values(1);
        try (Optimizer adamW = AdamW.builder(parameters.list()).weightDecay(0.5).build()) {
            train(adamW, 0, 0);
            train(adamW, 1, 0);
        }
        assertThat(parameters.values(1)).containsExactly(before);
    }

    @Test
    void frozenParameter_isLeftAlone_alsoWithAGradient() {
        try (Optimizer sgd = SGD.builder(parameters.list()).lr(1).build()) {
            train(sgd, 0, 0, 1);
            double[] before = parameters.values(1);
            double[] other = parameters.values(0);
            parameters.list().valueAt(1).freeze(true);
            train(sgd, 1, 0);
            assertThat(parameters.values(1)).containsExactly(before);
            assertThat(parameters.values(0)).isNotEqualTo(other);
        }
    }

    @Test
    void parameterUnfrozenLate_hasItsOwnStepCount() {
        try (TrainedParameters late = TrainedParameters.of(reference, DataType.FLOAT64);
                Optimizer adam = Adam.builder(parameters.list()).lr(0.1).build();
                Optimizer fresh = Adam.builder(late.only(1)).lr(0.1).build()) {
            parameters.list().valueAt(1).freeze(true);
            for (int step = 0; step < 3; step++) {
                train(adam, step, 0);
            }
            parameters.list().valueAt(1).freeze(false);
            for (int step = 3; step < 6; step++) {
                train(adam, step, 0, 1);
                List<NDArray> gradients = reference.gradients(late.manager(), DataType.FLOAT64, step);
                fresh.zeroGrad();
                late.gradients().restore("p1", gradients.get(1));
                fresh.step();
            }
            assertThat(parameters.values(1)).containsExactly(late.values(1));
        }
    }

    @Test
    void parameterReachedBeforeButNotNow_countsAsZeroGradient() {
        try (Optimizer sgd = SGD.builder(parameters.list()).lr(1).momentum(0.5).build()) {
            train(sgd, 0, 0, 1);
            double[] before = parameters.values(1);
            train(sgd, 1, 0);
            assertThat(parameters.values(1)).isNotEqualTo(before);
        }
    }

    @Test
    void groups_haveTheirOwnOptions() {
        double[] first = parameters.values(0);
        double[] second = parameters.values(1);
        try (Optimizer sgd = SGD.builder(parameters.only(0))
                .lr(0.5)
                .group("slow", parameters.only(1))
                .lr(0.25)
                .build()) {
            train(sgd, 0, 0, 1);
        }
        double[] g0 = gradient(0, 0);
        double[] g1 = gradient(0, 1);
        for (int i = 0; i < first.length; i++) {
            assertThat(parameters.values(0)[i]).isEqualTo(first[i] - 0.5 * g0[i]);
        }
        for (int i = 0; i < second.length; i++) {
            assertThat(parameters.values(1)[i]).isEqualTo(second[i] - 0.25 * g1[i]);
        }
    }

    @Test
    void groupOptions_startFromThoseOfTheFirstGroup() {
        try (Optimizer adam = Adam.builder(parameters.only(0))
                .lr(0.5)
                .betas(0.1, 0.2)
                .group("b", parameters.only(1))
                .eps(0.3)
                .build()) {
            ParamGroup a = adam.paramGroups().get(0);
            ParamGroup b = adam.paramGroups().get(1);
            assertThat(b.lr()).isEqualTo(0.5);
            assertThat(b.get("beta2")).isEqualTo(0.2);
            assertThat(b.get("eps")).isEqualTo(0.3);
            assertThat(a.get("eps")).isEqualTo(1e-8);
        }
    }

    @Test
    void groupAddedLater_startsAtItsOwnStepOne() {
        try (TrainedParameters late = TrainedParameters.of(reference, DataType.FLOAT64);
                Optimizer adam = Adam.builder(parameters.only(0)).lr(0.1).build();
                Optimizer fresh = Adam.builder(late.only(1)).lr(0.01).build()) {
            train(adam, 0, 0);
            ParamGroup group = adam.addParamGroup("backbone", parameters.only(1), Map.of("lr", 0.01));
            assertThat(adam.paramGroups()).hasSize(2).last().isSameAs(group);
            for (int step = 1; step < 4; step++) {
                train(adam, step, 0, 1);
                fresh.zeroGrad();
                late.gradients()
                        .restore(
                                "p1",
                                reference
                                        .gradients(late.manager(), DataType.FLOAT64, step)
                                        .get(1));
                fresh.step();
            }
            assertThat(parameters.values(1)).containsExactly(late.values(1));

            assertThatThrownBy(() -> adam.addParamGroup("again", parameters.only(1), Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("backbone");
            assertThatThrownBy(() -> adam.addParamGroup("x", late.only(0), Map.of("beta1", 1.0)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("below 1");
            assertThatThrownBy(() -> adam.addParamGroup("x", late.only(0), Map.of("momentum", 1.0)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("no option");
            assertThat(adam.paramGroups()).hasSize(2);
        }
    }

    @Test
    void momentumTurnedOnLate_startsItsBufferThen() {
        try (TrainedParameters twin = TrainedParameters.of(reference, DataType.FLOAT64);
                Optimizer late = SGD.builder(parameters.list()).lr(0.1).build();
                Optimizer plain = SGD.builder(twin.list()).lr(0.1).build();
                Optimizer fresh = SGD.builder(twin.list())
                        .lr(0.1)
                        .momentum(0.9)
                        .dampening(0.5)
                        .build()) {
            train(late, 0, 0, 1);
            late.paramGroups().get(0).set("momentum", 0.9);
            late.paramGroups().get(0).set("dampening", 0.5);
            train(late, 1, 0, 1);
            train(late, 2, 0, 1);
            TrainedParameters mine = parameters;
            parameters = twin;
            train(plain, 0, 0, 1);
            train(fresh, 1, 0, 1);
            train(fresh, 2, 0, 1);
            parameters = mine;
            assertThat(parameters.values(0)).containsExactly(twin.values(0));
        }
    }

    @Test
    void parametersOfTwoDtypes_trainTogether() {
        try (TrainedParameters single = TrainedParameters.of(reference, DataType.FLOAT32)) {
            PairList<String, Parameter> both = parameters.only(0);
            both.add("single", single.list().valueAt(1));
            try (Optimizer adam = Adam.builder(both).build()) {
                double[] first = parameters.values(0);
                double[] second = single.values(1);
                single.gradients(reference.gradients(single.manager(), DataType.FLOAT32, 0));
                parameters.gradients(reference.gradients(parameters.manager(), DataType.FLOAT64, 0));
                adam.step();
                assertThat(parameters.values(0)).isNotEqualTo(first);
                assertThat(single.values(1)).isNotEqualTo(second);
            }
        }
    }

    @Test
    void transposedParameter_isUpdatedAsItsCopy() {
        try (TrainedParameters transposed = new TrainedParameters(
                        manager -> List.of(manager.arange(6.0f).reshape(2, 3).transpose()));
                TrainedParameters copied = new TrainedParameters(manager ->
                        List.of(manager.arange(6.0f).reshape(2, 3).transpose().duplicate()));
                Optimizer first = Adam.builder(transposed.list()).lr(0.1).build();
                Optimizer second = Adam.builder(copied.list()).lr(0.1).build()) {
            for (int step = 0; step < 3; step++) {
                NDArray gradient = copied.manager().arange(6.0f).reshape(3, 2).add(step);
                transposed.gradients(List.of(gradient.duplicate()));
                copied.gradients(List.of(gradient));
                first.step();
                second.step();
            }
            for (int i = 0; i < 6; i++) {
                assertThat(transposed.values(0)[i]).isCloseTo(copied.values(0)[i], within(1e-6));
            }
        }
    }

    @Test
    void uninitialisedParameters_joinWhenTheyAreThere() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block net = Linear.builder().setUnits(2).build();
            try (Optimizer sgd = SGD.builder(net.getParameters()).build()) {
                sgd.zeroGrad();
                sgd.step();
                net.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
                sgd.zeroGrad();
                sgd.step();
                assertThat(sgd.paramGroups().get(0).parameters()).hasSize(2);
            }
        }
    }

    @Test
    void decayWeightsOnly_movesBiasesAndNormsToAGroupOfTheirOwn() {
        Block net = new SequentialBlock()
                .add(Linear.builder().setUnits(2).build())
                .add(LayerNorm.builder().build());
        try (NDManager manager = NDManager.newBaseManager()) {
            net.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            try (Optimizer adamW = AdamW.builder(net.getParameters())
                    .weightDecay(0.3)
                    .decayWeightsOnly()
                    .lr(0.5)
                    .build()) {
                assertThat(adamW.paramGroups()).extracting(ParamGroup::name).containsExactly("pg1", "pg1_no_decay");
                ParamGroup weights = adamW.paramGroups().get(0);
                ParamGroup rest = adamW.paramGroups().get(1);
                assertThat(weights.parameterNames()).containsExactly("01Linear_weight");
                assertThat(weights.get("weight_decay")).isEqualTo(0.3);
                assertThat(rest.parameterNames())
                        .containsExactly("01Linear_bias", "02LayerNorm_gamma", "02LayerNorm_beta");
                assertThat(rest.get("weight_decay")).isZero();
                assertThat(rest.lr()).isEqualTo(0.5);
            }
        }
    }

    private void train(Optimizer optimizer, int step, int... reached) {
        optimizer.zeroGrad();
        List<NDArray> gradients = reference.gradients(parameters.manager(), DataType.FLOAT64, step);
        for (int index : reached) {
            parameters.gradients().restore("p" + index, gradients.get(index));
        }
        optimizer.step();
    }

    private double[] gradient(int step, int index) {
        return TrainedParameters.numbers(reference
                .gradients(parameters.manager(), DataType.FLOAT64, step)
                .get(index));
    }
}
