package io.github.lightning4j.trainer.internal.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ModuleHooks;
import io.github.lightning4j.Stateful;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of hooks is complete, and its names are those of the methods. */
class HookTest {
    private static final Set<String> CALLED_BY_THE_LOOP_ITSELF = Set.of(
            "prepareData",
            "onSaveCheckpoint",
            "onLoadCheckpoint",
            "configureGradientClipping",
            "backward",
            "optimizerZeroGrad",
            "lrSchedulerStep");

    /** What a callback is asked, which is no hook. */
    private static final Set<String> QUESTIONS = Set.of("stateKey", "wouldGoOn", "takesPredictions");

    @Test
    void everyMethodOfACallback_hasItsLine() {
        Set<String> expected = names(Arrays.stream(Callback.class.getDeclaredMethods())
                .filter(method -> !QUESTIONS.contains(method.getName()))
                .filter(method -> !isStateful(method)));

        assertThat(labels(Hook::isForCallbacks)).isEqualTo(expected);
    }

    @Test
    void everyHookOfAModule_hasItsLine() {
        Set<String> expected = names(Arrays.stream(ModuleHooks.class.getDeclaredMethods())
                .filter(method -> !CALLED_BY_THE_LOOP_ITSELF.contains(method.getName())));

        assertThat(labels(hook -> true)).containsAll(expected);
    }

    @Test
    void everyLine_isNamedAfterAMethod() {
        Set<String> methods = names(Stream.concat(
                Arrays.stream(Callback.class.getMethods()), Arrays.stream(LightningModule.class.getMethods())));

        assertThat(methods).containsAll(labels(hook -> hook != Hook.NONE));
    }

    @Test
    void everyHook_isFoundByTheNameItIsSavedUnder() {
        assertThat(Hook.values())
                .allSatisfy(hook -> assertThat(Hook.saved(hook.savedName())).isSameAs(hook));
    }

    @Test
    void hooksOfEvaluations_areThoseOfValidationAndTest() {
        assertThat(labels(Hook::isEvaluation))
                .isNotEmpty()
                .allMatch(label -> label.matches("(on)?(V|v)alidation.*|(on)?(T|t)est.*"))
                .doesNotContain("onTrainEnd");
    }

    private static boolean isStateful(Method method) {
        return Arrays.stream(Stateful.class.getMethods())
                .anyMatch(each -> each.getName().equals(method.getName()));
    }

    private static Set<String> labels(java.util.function.Predicate<Hook> which) {
        Set<String> labels = new TreeSet<>();
        Arrays.stream(Hook.values()).filter(which).forEach(hook -> labels.add(hook.label()));
        return labels;
    }

    private static Set<String> names(Stream<Method> methods) {
        Set<String> names = new TreeSet<>();
        methods.filter(method -> !method.isSynthetic()).forEach(method -> names.add(method.getName()));
        return names;
    }
}
