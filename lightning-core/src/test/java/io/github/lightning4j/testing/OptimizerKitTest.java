package io.github.lightning4j.testing;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.optim.Adadelta;
import io.github.lightning4j.optim.Adagrad;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.AdamW;
import io.github.lightning4j.optim.Adamax;
import io.github.lightning4j.optim.DjlOptimizer;
import io.github.lightning4j.optim.LBFGS;
import io.github.lightning4j.optim.LineSearch;
import io.github.lightning4j.optim.Lion;
import io.github.lightning4j.optim.NAdam;
import io.github.lightning4j.optim.RAdam;
import io.github.lightning4j.optim.RMSprop;
import io.github.lightning4j.optim.SGD;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizerKitTest {
    private static final Map<String, Function<PairList<String, Parameter>, Optimizer>> OURS = new TreeMap<>(Map.of(
            "SGD", parameters -> SGD.builder(parameters).lr(0.1).momentum(0.9).build(),
            "Adam", parameters -> Adam.builder(parameters).amsgrad(true).build(),
            "AdamW", parameters -> AdamW.builder(parameters).build(),
            "NAdam", parameters -> NAdam.builder(parameters).build(),
            "RAdam", parameters -> RAdam.builder(parameters).build(),
            "Adamax", parameters -> Adamax.builder(parameters).build(),
            "RMSprop",
                    parameters -> RMSprop.builder(parameters)
                            .centered(true)
                            .momentum(0.9)
                            .build(),
            "Adagrad", parameters -> Adagrad.builder(parameters).build(),
            "Adadelta", parameters -> Adadelta.builder(parameters).build(),
            "Lion", parameters -> Lion.builder(parameters).build()));

    @TestFactory
    Stream<DynamicTest> ours_passAllChecks() {
        return OURS.entrySet().stream()
                .flatMap(each -> Checks.tests(each.getKey(), OptimizerKit.checks(each.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> oneThatNeedsAClosure_passesAllChecks() {
        return Checks.tests(
                "LBFGS",
                OptimizerKit.checks(parameters -> LBFGS.builder(parameters)
                        .lr(0.1)
                        .maxIter(3)
                        .lineSearch(LineSearch.STRONG_WOLFE)
                        .build()));
    }

    @TestFactory
    Stream<DynamicTest> oneOfDjl_passesAllChecks() {
        return Checks.tests(
                "DJL's Adam",
                OptimizerKit.checks(parameters -> DjlOptimizer.of(
                        ai.djl.training.optimizer.Optimizer.adam().build(), parameters)));
    }

    @Test
    void optimizerThatForgetsItsState_isCaught() throws Exception {
        Checks.assertFailures(
                OptimizerKit.checks(parameters -> new Broken(parameters) {
                    @Override
                    public void save(StateWriter state) {}

                    @Override
                    public void load(StateReader state) {}
                }),
                "goes on where it was saved \\| An optimizer that was loaded after 3 of 8 steps, its weights: 'a' differs:"
                        + " -?0\\..* was expected at element 0 of \\(2, 3\\), but it is",
                "forgets its own steps when it is loaded \\| .* its weights: 'a' differs");
    }

    @Test
    void optimizerThatMovesFrozenParameters_isCaught() throws Exception {
        Checks.assertFailures(
                OptimizerKit.checks(parameters -> new Broken(parameters) {
                    @Override
                    public void step() {
                        super.step();
                        Parameter frozen = parameters.get(Trainees.FROZEN);
                        frozen.getArray().addi(1);
                    }
                }),
                "moves what has a gradient and nothing else \\| The parameter 'frozen' was moved in 8 steps",
                "follows the learning rate, or refuses to \\| .*'frozen' differs");
    }

    @Test
    void optimizerThatKeepsGradients_isCaught() throws Exception {
        Checks.assertFailures(
                OptimizerKit.checks(parameters -> new Broken(parameters) {
                    @Override
                    public void zeroGrad() {}
                }),
                "zeroes gradients \\| The gradients of a backward after zeroGrad: 'a' differs",
                "goes on where it was saved",
                "forgets its own steps when it is loaded");
    }

    @Test
    void optimizerThatIsNotClosed_isCaught() throws Exception {
        Checks.assertFailures(
                OptimizerKit.checks(parameters -> new Broken(parameters) {
                    @Override
                    public void close() {}
                }),
                "frees native memory \\| native arrays left behind: 0 was expected, but it is [1-9]");
    }

    /** Adam, but for what is overridden. */
    private static class Broken implements Optimizer {
        private final Optimizer adam;

        Broken(PairList<String, Parameter> parameters) {
            adam = Adam.builder(parameters).lr(0.1).build();
        }

        @Override
        public String name() {
            return adam.name();
        }

        @Override
        public List<ParamGroup> paramGroups() {
            return adam.paramGroups();
        }

        @Override
        public Gradients gradients() {
            return adam.gradients();
        }

        @Override
        public void zeroGrad() {
            adam.zeroGrad();
        }

        @Override
        public void step() {
            adam.step();
        }

        @Override
        public void save(StateWriter state) {
            adam.save(state);
        }

        @Override
        public void load(StateReader state) {
            adam.load(state);
        }

        @Override
        public void close() {
            adam.close();
        }
    }
}
