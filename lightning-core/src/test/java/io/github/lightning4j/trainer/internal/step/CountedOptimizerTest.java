package io.github.lightning4j.trainer.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountedOptimizerTest {
    /** A default method that is not passed on would answer for every optimizer as the interface does. */
    @Test
    void everythingAnOptimizerCanDo_isPassedOn() {
        assertThat(whatAnOptimizerCanDo())
                .isNotEmpty()
                .allSatisfy(method ->
                        assertThat(overridden(method)).as(method.toString()).isTrue());
    }

    /** All but how a configuration is put together, which goes by the methods it has. */
    private static Stream<Method> whatAnOptimizerCanDo() {
        return Arrays.stream(Optimizer.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getDeclaringClass() != OptimizerConfig.class);
    }

    private static boolean overridden(Method method) {
        return Arrays.stream(CountedOptimizer.class.getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }
}
