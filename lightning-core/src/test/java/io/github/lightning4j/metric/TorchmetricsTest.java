package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.testing.Check;
import io.github.lightning4j.testing.MetricKit;
import io.github.lightning4j.testing.States;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every metric of torchmetrics.json has torchmetrics' value, however its samples come, and passes the kit. */
class TorchmetricsTest {
    private static final JsonObject FIGURES = Reference.load(TorchmetricsTest.class, "torchmetrics.json");
    private static final double TOLERANCE = 1e-6;
    private static final Set<String> COUNTS = Set.of("outputs", "ignoreIndex");
    private static final Set<String> FACTORIES = Set.of("mean", "sum");

    /** A metric with its options, as the script names them. */
    private record Case(
            String metric, String task, String dataName, JsonObject options, JsonObject data, JsonElement expected) {
        static Case of(JsonElement element) {
            JsonObject json = element.getAsJsonObject();
            return new Case(
                    json.get("metric").getAsString(),
                    json.get("task").getAsString(),
                    json.get("data").getAsString(),
                    json.getAsJsonObject("options"),
                    FIGURES.getAsJsonObject("data")
                            .getAsJsonObject(json.get("data").getAsString()),
                    json.get("expected"));
        }

        long classes() {
            return shape().dimension() == 1 ? 1 : shape().get(1);
        }

        Shape shape() {
            return new Shape(Reference.longs(data.get("shape")));
        }

        int samples() {
            return (int) shape().get(0);
        }

        BatchMetric make() {
            try {
                Class<?> type = Class.forName("io.github.lightning4j.metric." + metric);
                if (options.isEmpty() && task.equals("create")) {
                    return (BatchMetric) type.getConstructor().newInstance();
                }
                if (task.equals("create")) {
                    Map.Entry<String, JsonElement> option =
                            options.entrySet().iterator().next();
                    return COUNTS.contains(option.getKey())
                            ? (BatchMetric) type.getConstructor(int.class)
                                    .newInstance(option.getValue().getAsInt())
                            : (BatchMetric) type.getConstructor(double.class)
                                    .newInstance(option.getValue().getAsDouble());
                }
                if (FACTORIES.contains(task)) {
                    return (BatchMetric) type.getMethod(task).invoke(null);
                }
                Object builder = task.equals("binary")
                        ? type.getMethod(task).invoke(null)
                        : type.getMethod(task, int.class).invoke(null, (int) classes());
                for (Map.Entry<String, JsonElement> option : options.entrySet()) {
                    set(builder, option.getKey(), option.getValue().getAsJsonPrimitive());
                }
                return (BatchMetric) builder.getClass().getMethod("build").invoke(builder);
            } catch (InvocationTargetException e) {
                throw new AssertionError(e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static void set(Object builder, String name, JsonPrimitive value) throws ReflectiveOperationException {
            if (value.isBoolean()) {
                builder.getClass().getMethod(name).invoke(builder);
                return;
            }
            Method setter = Arrays.stream(builder.getClass().getMethods())
                    .filter(method -> method.getName().equals(name)
                            && method.getParameterCount() == 1
                            && !method.getParameterTypes()[0].isArray())
                    .findFirst()
                    .orElseThrow();
            Class<?> type = setter.getParameterTypes()[0];
            if (type.isEnum()) {
                setter.invoke(builder, Enum.valueOf((Class) type, value.getAsString()));
            } else if (type == int.class) {
                setter.invoke(builder, value.getAsInt());
            } else {
                setter.invoke(builder, value.getAsDouble());
            }
        }

        void feed(BatchMetric to, NDManager manager, int from, int until) {
            boolean reads = task.equals("create") && !metric.equals("Perplexity") || FACTORIES.contains(task);
            try (NDArray predictions = rows(manager, "predictions", DataType.FLOAT32, from, until);
                    NDArray target = rows(manager, "target", reads ? DataType.FLOAT32 : DataType.INT64, from, until)) {
                to.update(predictions, target);
            }
        }

        private NDArray rows(NDManager manager, String what, DataType type, int from, int until) {
            float[] all = Reference.floats(data.get(what));
            Shape shape = new Shape(Reference.longs(data.get(what.equals("target") ? "target_shape" : "shape")));
            int width = (int) shape.slice(1).size();
            Shape of = new Shape(until - from).addAll(shape.slice(1));
            try (NDArray floats = manager.create(Arrays.copyOfRange(all, from * width, until * width), of)) {
                return floats.toType(type, true);
            }
        }

        String title() {
            return String.format(Locale.ROOT, "%s %s %s %s", metric, dataName, task, options);
        }
    }

    private static Stream<Case> cases() {
        return FIGURES.getAsJsonArray("cases").asList().stream().map(Case::of);
    }

    @TestFactory
    Stream<DynamicTest> value_equalsThatOfTorchmetrics() {
        return cases()
                .collect(
                        Collectors.groupingBy(each -> each.metric + " " + each.task, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(group ->
                        dynamicTest(group.getKey(), () -> group.getValue().forEach(TorchmetricsTest::assertEqual)));
    }

    private static void assertEqual(Case given) {
        try (NDManager manager = NDManager.newBaseManager();
                BatchMetric whole = given.make();
                BatchMetric uneven = given.make()) {
            given.feed(whole, manager, 0, given.samples());
            assertClose(given, whole);
            given.feed(uneven, manager, 0, 1);
            int cut = Math.min(20, given.samples());
            given.feed(uneven, manager, 1, cut);
            try (BatchMetric restored = given.make()) {
                restored.load(States.saved(uneven));
                given.feed(restored, manager, cut, given.samples());
                assertClose(given, restored);
            }
        }
    }

    private static void assertClose(Case given, BatchMetric metric) {
        double[] figures = given.expected.getAsJsonArray().asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
        List<Double> numbers = metric.value().numbers();
        assertThat(numbers).hasSize(figures.length);
        for (int i = 0; i < figures.length; i++) {
            if (!isClose(numbers.get(i), figures[i])) {
                fail("%s: number %s is %s, torchmetrics has %s in %s, all %s"
                        .formatted(given.title(), i, numbers.get(i), figures[i], Arrays.toString(figures), numbers));
            }
        }
    }

    private static boolean isClose(double number, double figure) {
        return Math.abs(number - figure) <= TOLERANCE * Math.max(1, Math.abs(figure))
                || Double.compare(number, figure) == 0;
    }

    @TestFactory
    Stream<DynamicTest> metric_passesTheKit() {
        List<DynamicTest> tests = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        cases().filter(each -> each.samples() >= MetricKit.SAMPLES && seen.add(each.metric))
                .forEach(each -> {
                    Stream<Check> checks = MetricKit.checks(each::make, each::feed);
                    boolean counts = each.metric.equals("StatScores") || each.metric.equals("ConfusionMatrix");
                    checks.filter(check -> !counts || !check.name().contains("without samples"))
                            .forEach(check -> tests.add(dynamicTest(each.title() + ": " + check.name(), check::run)));
                });
        return tests.stream();
    }
}
