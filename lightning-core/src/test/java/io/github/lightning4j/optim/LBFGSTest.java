package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.testing.States;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LBFGS against torch's, evaluation by evaluation. */
class LBFGSTest {
    private static final TorchReference REFERENCE = TorchReference.load("torch-lbfgs.json");

    static Stream<Arguments> courses() {
        return Stream.of("network", "rosenbrock")
                .flatMap(problem ->
                        REFERENCE.section(problem).keySet().stream().map(settings -> Arguments.of(problem, settings)));
    }

    @ParameterizedTest
    @MethodSource("courses")
    void course_isTorchs(String problem, String settings) {
        JsonObject course = REFERENCE.section(problem).getAsJsonObject(settings);
        try (Problem trained = Problem.of(problem, DataType.FLOAT64);
                LBFGS lbfgs = configured(trained.parameters, course.getAsJsonObject("settings"))) {
            double[] losses = numbers(course.get("losses"));
            double[] evaluations = numbers(course.get("evaluations"));
            for (int step = 0; step < losses.length; step++) {
                trained.evaluations = 0;
                assertThat(lbfgs.step(() -> trained.evaluate(lbfgs)))
                        .as("the loss before step %d", step)
                        .isCloseTo(losses[step], within(1e-8 * Math.max(1, losses[step])));
                assertThat(trained.evaluations)
                        .as("evaluations of step %d", step)
                        .isEqualTo((int) evaluations[step]);
            }
            JsonArray end = course.getAsJsonArray("end");
            for (int i = 0; i < end.size(); i++) {
                assertThat(TrainedParameters.numbers(
                                trained.parameters.valueAt(i).getArray()))
                        .as("parameter %d", i)
                        .containsExactly(numbers(end.get(i)), within(1e-7));
            }
        }
    }

    private static LBFGS configured(PairList<String, Parameter> parameters, JsonObject settings) {
        LBFGS.Builder builder = LBFGS.builder(parameters);
        settings.entrySet().forEach(each -> set(builder, each.getKey(), each.getValue()));
        return builder.build();
    }

    private static void set(LBFGS.Builder builder, String option, JsonElement value) {
        switch (option) {
            case "lr" -> builder.lr(value.getAsDouble());
            case "max_iter" -> builder.maxIter(value.getAsInt());
            case "max_eval" -> builder.maxEval(value.getAsInt());
            case "history_size" -> builder.historySize(value.getAsInt());
            case "tolerance_grad" -> builder.toleranceGrad(value.getAsDouble());
            case "tolerance_change" -> builder.toleranceChange(value.getAsDouble());
            case "line_search_fn" -> builder.lineSearch(LineSearch.STRONG_WOLFE);
            default -> throw new IllegalArgumentException(option);
        }
    }

    @Test
    void aStepThatDiverges_goesBackToWhereTheLossWasFinite() {
        try (Problem trained = Problem.of("rosenbrock", DataType.FLOAT64);
                LBFGS lbfgs =
                        LBFGS.builder(trained.parameters).lr(1e60).maxIter(100).build()) {
            double before = lbfgs.step(() -> trained.evaluate(lbfgs));
            assertThat(trained.evaluations).isGreaterThan(1);
            assertThat(TrainedParameters.numbers(trained.parameters.valueAt(0).getArray()))
                    .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
            assertThat(before).isFinite();
            assertThat(trained.evaluate(lbfgs)).isFinite();
        }
    }

    @Test
    void lineSearch_leavesParametersInTheirStorage() {
        try (Problem trained = Problem.of("network", DataType.FLOAT64);
                LBFGS lbfgs = LBFGS.builder(trained.parameters)
                        .maxIter(3)
                        .lineSearch(LineSearch.STRONG_WOLFE)
                        .build()) {
            NDArray weight = trained.parameters.valueAt(0).getArray();
            NDArray view = weight.reshape(-1);
            double[] before = TrainedParameters.numbers(view);
            lbfgs.step(() -> trained.evaluate(lbfgs));
            assertThat(TrainedParameters.numbers(view))
                    .isNotEqualTo(before)
                    .containsExactly(TrainedParameters.numbers(weight));
        }
    }

    @ParameterizedTest
    @EnumSource(LineSearch.class)
    void nativeMemory_doesNotGrowWithTheIterationsOfAStep(LineSearch search) {
        List<Integer> arrays = new ArrayList<>();
        try (Problem trained = Problem.of("network", DataType.FLOAT64);
                LBFGS lbfgs = LBFGS.builder(trained.parameters)
                        .lr(0.1)
                        .maxIter(60)
                        .historySize(3)
                        .toleranceChange(0)
                        .lineSearch(search)
                        .build()) {
            lbfgs.step(() -> {
                arrays.add(NativeMemory.now().arrays());
                trained.manager.create(1.0);
                return trained.evaluate(lbfgs);
            });
        }
        assertThat(arrays).hasSizeGreaterThan(50);
        assertThat(arrays.get(arrays.size() - 1)).isLessThan(arrays.get(20) + 10);
    }

    @Test
    void failureInALineSearch_leavesTheWeightsWhereItBegan() {
        try (Problem trained = Problem.of("network", DataType.FLOAT64);
                LBFGS lbfgs = LBFGS.builder(trained.parameters)
                        .lineSearch(LineSearch.STRONG_WOLFE)
                        .build()) {
            double[] before =
                    TrainedParameters.numbers(trained.parameters.valueAt(0).getArray());
            assertThatThrownBy(() -> lbfgs.step(() -> {
                        if (trained.evaluations == 1) {
                            throw new IllegalStateException("on purpose");
                        }
                        return trained.evaluate(lbfgs);
                    }))
                    .hasMessage("on purpose");
            assertThat(TrainedParameters.numbers(trained.parameters.valueAt(0).getArray()))
                    .containsExactly(before);
        }
    }

    @Test
    void float32_goesTheSameWay() {
        JsonObject course = REFERENCE.section("network").getAsJsonObject("few_iterations");
        try (Problem trained = Problem.of("network", DataType.FLOAT32);
                LBFGS lbfgs = configured(trained.parameters, course.getAsJsonObject("settings"))) {
            for (double expected : numbers(course.get("losses"))) {
                assertThat(lbfgs.step(() -> trained.evaluate(lbfgs))).isCloseTo(expected, within(1e-3));
            }
        }
    }

    @Test
    void stateSavedBetweenSteps_goesOnBitForBit() {
        try (Problem whole = Problem.of("network", DataType.FLOAT64);
                Problem resumed = Problem.of("network", DataType.FLOAT64);
                LBFGS first = LBFGS.builder(whole.parameters)
                        .maxIter(4)
                        .historySize(6)
                        .build();
                LBFGS second = LBFGS.builder(resumed.parameters)
                        .maxIter(4)
                        .historySize(6)
                        .build()) {
            for (int step = 0; step < 3; step++) {
                first.step(() -> whole.evaluate(first));
            }
            resumed.copyFrom(whole);
            States.copy(first, second);
            for (int step = 0; step < 3; step++) {
                assertThat(second.step(() -> resumed.evaluate(second)))
                        .isEqualTo(first.step(() -> whole.evaluate(first)));
            }
        }
    }

    @Test
    void frozenParameters_stay() {
        try (Problem trained = Problem.of("network", DataType.FLOAT64);
                LBFGS lbfgs = LBFGS.builder(trained.parameters).build()) {
            lbfgs.step(() -> trained.evaluate(lbfgs));
            Parameter frozen = trained.parameters.valueAt(0);
            frozen.freeze(true);
            double[] before = TrainedParameters.numbers(frozen.getArray());
            double loss = lbfgs.step(() -> trained.evaluate(lbfgs));
            assertThat(TrainedParameters.numbers(frozen.getArray())).containsExactly(before);
            assertThat(trained.evaluate(lbfgs)).isLessThan(loss);
        }
    }

    @Test
    void stepWithoutClosure_isRefused() {
        try (Problem trained = Problem.of("network", DataType.FLOAT64);
                LBFGS lbfgs = LBFGS.builder(trained.parameters).build()) {
            assertThatThrownBy(lbfgs::step)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("step(closure)");
        }
    }

    @Test
    void parametersOfTwoDtypes_areRefusedAtTheFirstStep() {
        try (Problem wide = Problem.of("network", DataType.FLOAT64);
                Problem narrow = Problem.of("rosenbrock", DataType.FLOAT32)) {
            PairList<String, Parameter> mixed = new PairList<>();
            mixed.addAll(wide.parameters);
            mixed.add("x", narrow.parameters.valueAt(0));
            try (LBFGS lbfgs = LBFGS.builder(mixed).build()) {
                assertThatThrownBy(() -> lbfgs.step(() -> 0))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("float64")
                        .hasMessageContaining("float32");
            }
        }
    }

    @Test
    void parametersInAnotherOrder_areRefusedOnLoading() {
        try (Problem trained = Problem.of("network", DataType.FLOAT64)) {
            PairList<String, Parameter> turned = new PairList<>();
            for (int i = trained.parameters.size() - 1; i >= 0; i--) {
                turned.add(trained.parameters.keyAt(i), trained.parameters.valueAt(i));
            }
            try (LBFGS lbfgs = LBFGS.builder(trained.parameters).build();
                    LBFGS other = LBFGS.builder(turned).build()) {
                assertThatThrownBy(() -> States.copy(lbfgs, other))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("in the order [p0, p1, p2, p3]");
            }
        }
    }

    @Test
    void optionsOutOfRange_areRefused() {
        try (Problem trained = Problem.of("rosenbrock", DataType.FLOAT64)) {
            LBFGS.Builder builder = LBFGS.builder(trained.parameters);
            assertThatThrownBy(() -> builder.maxIter(0)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.maxEval(0)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.historySize(0)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.lr(-1)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.toleranceGrad(-1)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.toleranceChange(Double.NaN)).isInstanceOf(ConfigurationException.class);
        }
    }

    private static double[] numbers(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }

    /** A loss of a few parameters. */
    private static final class Problem implements AutoCloseable {
        private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        private final DataType type;
        private final PairList<String, Parameter> parameters = new PairList<>();
        private Function<List<NDArray>, NDArray> loss = arrays -> arrays.get(0);
        private int evaluations;

        private Problem(DataType type) {
            this.type = type;
        }

        static Problem of(String name, DataType type) {
            Problem problem = new Problem(type);
            if (name.equals("rosenbrock")) {
                problem.add(new double[] {-1.2, 1.0, 0.5, -0.7}, new Shape(4));
                problem.loss = arrays -> rosenbrock(arrays.get(0));
            } else {
                problem.network();
            }
            return problem;
        }

        private void network() {
            JsonArray weights = REFERENCE.list("weights");
            Shape[] shapes = {new Shape(5, 3), new Shape(5), new Shape(1, 5), new Shape(1)};
            for (int i = 0; i < shapes.length; i++) {
                add(numbers(weights.get(i)), shapes[i]);
            }
            NDArray features = array(REFERENCE.numbers("features"), new Shape(24, 3));
            NDArray targets = array(REFERENCE.numbers("targets"), new Shape(24, 1));
            loss = arrays -> features.matMul(arrays.get(0).transpose())
                    .add(arrays.get(1))
                    .tanh()
                    .matMul(arrays.get(2).transpose())
                    .add(arrays.get(3))
                    .sub(targets)
                    .square()
                    .mean();
        }

        private static NDArray rosenbrock(NDArray x) {
            NDArray left = x.get(":-1");
            NDArray right = x.get("1:");
            return left.neg()
                    .add(1)
                    .square()
                    .add(right.sub(left.square()).square().mul(100))
                    .sum();
        }

        private NDArray array(double[] values, Shape shape) {
            return manager.create(values, shape).toType(type, false);
        }

        private void add(double[] values, Shape shape) {
            Parameter parameter = Parameter.builder()
                    .setName("p")
                    .setType(Parameter.Type.WEIGHT)
                    .build();
            parameter.setArray(array(values, shape));
            parameter.freeze(false);
            parameters.add("p" + parameters.size(), parameter);
        }

        void copyFrom(Problem other) {
            for (int i = 0; i < parameters.size(); i++) {
                try (GradMode off = GradMode.off()) {
                    other.parameters
                            .valueAt(i)
                            .getArray()
                            .copyTo(parameters.valueAt(i).getArray());
                }
            }
        }

        double evaluate(LBFGS lbfgs) {
            evaluations++;
            lbfgs.zeroGrad();
            try (MemoryScope scope = MemoryScope.open();
                    GradMode recording = GradMode.recording()) {
                NDArray value = loss.apply(
                        parameters.values().stream().map(Parameter::getArray).toList());
                GradMode.backward(value);
                return Tensors.toDouble(value);
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
