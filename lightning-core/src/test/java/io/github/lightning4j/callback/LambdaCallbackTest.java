package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.testing.States;
import io.github.lightning4j.trainer.Trainer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class LambdaCallbackTest {
    private static final Set<String> NO_HOOKS = Set.of("stateKey", "wouldGoOn", "takesPredictions", "save", "load");

    @TempDir
    Path directory;

    private static List<Method> hooks() {
        return Arrays.stream(Callback.class.getDeclaredMethods())
                .filter(method -> !NO_HOOKS.contains(method.getName()) && !method.isSynthetic())
                .sorted(Comparator.comparingInt(Method::getParameterCount))
                .filter(onceByName())
                .toList();
    }

    /** Of a hook with and without the outputs of the step, the one without, which is called in either case. */
    private static Predicate<Method> onceByName() {
        Set<String> names = new HashSet<>();
        return method -> names.add(method.getName());
    }

    private static Method setter(String name) {
        return Arrays.stream(LambdaCallback.Builder.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("LambdaCallback.Builder has no " + name));
    }

    /** With a function for every hook there is, each of which notes its name. */
    private static LambdaCallback noting(List<String> trace) throws ReflectiveOperationException {
        LambdaCallback.Builder builder = LambdaCallback.builder();
        for (Method hook : hooks()) {
            Method setter = setter(hook.getName());
            Object function = Proxy.newProxyInstance(
                    LambdaCallbackTest.class.getClassLoader(),
                    setter.getParameterTypes(),
                    (proxy, method, arguments) -> {
                        assertThat(arguments).hasSize(hook.getParameterCount());
                        trace.add("C." + hook.getName());
                        return null;
                    });
            setter.invoke(builder, function);
        }
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "LambdaCallback",
                CallbackKit.builder(() -> LambdaCallback.builder().build())
                        .beside(() -> LambdaCallback.builder().build())
                        .build()
                        .checks());
    }

    @Test
    void everyHook_isCalledWhereThatOfACallbackIs() throws ReflectiveOperationException {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        try (TestData data = TestData.open()) {
            run(TracingCallback.named("C", expected), data, directory.resolve("expected"));
            run(noting(actual), data, directory.resolve("actual"));
        }
        expected.removeIf(entry -> NO_HOOKS.contains(entry.substring(2)));
        assertThat(actual)
                .isEqualTo(expected.stream()
                        .map(entry -> entry.replaceFirst(" .*", ""))
                        .toList());
        assertThat(Set.copyOf(actual)).hasSize(hooks().size());
    }

    private static void run(Callback callback, TestData data, Path directory) {
        Trainer trainer = Trainers.quiet()
                .numSanityValSteps(1)
                .enableCheckpointing(true)
                .defaultRootDir(directory)
                .callbacks(callback)
                .build();
        try (BoringModule module = new BoringModule()) {
            trainer.fit(module, data.regression(4, 2), data.regression(2, 2));
            trainer.test(module, data.regression(2, 2));
            trainer.predict(module, data.regression(2, 2)).close();
        }
        try (BoringModule failing = new BoringModule() {
            @Override
            public void onTrainStart() {
                throw new IllegalStateException("planned");
            }
        }) {
            assertThatThrownBy(() -> trainer.fit(failing, data.regression(2, 2)))
                    .hasMessage("planned");
        }
    }

    @Test
    void stateOfLambdas_isSavedUnderTheirKey() {
        long[] count = {7};
        LambdaCallback counting = LambdaCallback.builder()
                .stateKey("count")
                .save(state -> state.putLong("n", count[0]))
                .load(state -> count[0] = state.getLong("n"))
                .build();
        assertThat(counting.stateKey()).isEqualTo("count");
        var saved = States.saved(counting);
        count[0] = 0;
        counting.load(saved);
        assertThat(count[0]).isEqualTo(7);
    }

    @Test
    void builder_changesNothingThatWasBuilt() {
        List<String> trace = new ArrayList<>();
        LambdaCallback.Builder builder = LambdaCallback.builder().stateKey("a");
        LambdaCallback first = builder.build();
        builder.stateKey("b").onFitStart(run -> trace.add("b"));
        assertThat(first.stateKey()).isEqualTo("a");
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            Trainers.quiet().callbacks(first).build().fit(module, data.regression(2, 2));
        }
        assertThat(trace).isEmpty();
    }

    @Test
    void nullFunctions_areRefusedAtTheCall() throws ReflectiveOperationException {
        for (Method hook : hooks()) {
            assertThatThrownBy(() -> setter(hook.getName()).invoke(LambdaCallback.builder(), (Object) null))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(hook.getName() + " of a LambdaCallback is null");
        }
    }
}
