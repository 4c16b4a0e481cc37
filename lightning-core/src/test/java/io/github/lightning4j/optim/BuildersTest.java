package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.PairList;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.optim.scheduler.CyclicLR;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a builder of an optimizer or a schedule has built no longer changes with the builder. */
class BuildersTest {
    private static final Map<Class<?>, Function<PairList<String, Parameter>, ?>> OPTIMIZERS = Map.ofEntries(
            made(SGD.Builder.class, SGD::builder),
            made(Adam.Builder.class, Adam::builder),
            made(AdamW.Builder.class, AdamW::builder),
            made(NAdam.Builder.class, NAdam::builder),
            made(RAdam.Builder.class, RAdam::builder),
            made(Adamax.Builder.class, Adamax::builder),
            made(RMSprop.Builder.class, RMSprop::builder),
            made(Adagrad.Builder.class, Adagrad::builder),
            made(Adadelta.Builder.class, Adadelta::builder),
            made(Lion.Builder.class, Lion::builder),
            made(LBFGS.Builder.class, LBFGS::builder));

    private static <B> Map.Entry<Class<?>, Function<PairList<String, Parameter>, ?>> made(
            Class<B> type, Function<PairList<String, Parameter>, B> make) {
        return Map.entry(type, make);
    }

    private static final Map<Class<?>, Function<Optimizer, Object>> SCHEDULES = Map.of(
            OneCycleLR.Builder.class,
                    optimizer -> OneCycleLR.builder(optimizer, 30, 0.1).anneal(OneCycleLR.Anneal.LINEAR),
            CyclicLR.Builder.class,
                    optimizer -> CyclicLR.builder(optimizer, 0.01, 0.1)
                            .stepSize(3, 2)
                            .mode(CyclicLR.Mode.EXP_RANGE)
                            .gamma(0.9),
            ReduceLROnPlateau.Builder.class,
                    optimizer -> ReduceLROnPlateau.builder(optimizer).patience(1));

    private static final Consumer<Object> UNCHANGED = builder -> {};

    static Stream<Function<PairList<String, Parameter>, ?>> optimizers() {
        return OPTIMIZERS.values().stream();
    }

    static Stream<Class<?>> schedules() {
        return SCHEDULES.keySet().stream();
    }

    @Test
    void everyBuilderIsTested() {
        Set<String> builders = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.github.lightning4j.optim")
                        .stream()
                        .filter(type -> type.getSimpleName().endsWith("Builder"))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(Stream.concat(OPTIMIZERS.keySet().stream(), SCHEDULES.keySet().stream())
                        .map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(builders);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void anOptimizer_keepsTheOptionsItWasBuiltWith(Function<PairList<String, Parameter>, ?> make) {
        Object builder = make.apply(parameter());
        try (Optimizer optimizer = built(builder)) {
            String built = options(optimizer);
            assertThat(setters(builder)).hasSizeGreaterThan(4);
            for (Method setter : setters(builder)) {
                for (Object[] arguments : otherArguments(setter)) {
                    call(builder, setter, arguments);
                    assertThat(options(optimizer)).as(setter.toString()).isEqualTo(built);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void twoOptimizersOfOneBuilder_shareNoOption(Function<PairList<String, Parameter>, ?> make) {
        Object builder = make.apply(parameter());
        try (Optimizer first = built(builder);
                Optimizer second = built(builder)) {
            String built = options(second);

            first.paramGroups().get(0).setLr(7);

            assertThat(options(second)).isEqualTo(built);
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aSchedule_goesOnAsItWasBuilt(Class<?> type) {
        Function<Optimizer, Object> make = SCHEDULES.get(type);
        List<Double> undisturbed = ratesOf(make, UNCHANGED, UNCHANGED);
        for (Method setter : setters(make.apply(sgd()))) {
            assertThat(otherArguments(setter))
                    .as(setter.toString())
                    .allSatisfy(arguments -> assertThat(
                                    ratesOf(make, UNCHANGED, builder -> call(builder, setter, arguments)))
                            .isEqualTo(undisturbed))
                    .anySatisfy(arguments -> assertThat(
                                    ratesOf(make, builder -> call(builder, setter, arguments), UNCHANGED))
                            .isNotEqualTo(undisturbed));
        }
    }

    /** The rates and momenta of a schedule whose builder is changed before and after it is built. */
    private static List<Double> ratesOf(
            Function<Optimizer, Object> make, Consumer<Object> before, Consumer<Object> after) {
        try (Optimizer optimizer = sgd()) {
            Object builder = make.apply(optimizer);
            before.accept(builder);
            LrScheduler schedule = (LrScheduler) call(builder, build(builder));
            after.accept(builder);
            List<Double> rates = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                schedule.step(i % 3 == 0 ? 3 - 0.1 * i : 4);
                rates.add(optimizer.paramGroups().get(0).lr());
                rates.add(optimizer.paramGroups().get(0).get("momentum"));
            }
            return rates;
        }
    }

    private static Optimizer sgd() {
        return SGD.builder(parameter()).lr(0.1).momentum(0.9).build();
    }

    private static Method build(Object builder) {
        return methods(builder, method -> method.getName().equals("build")).get(0);
    }

    private static List<Method> setters(Object builder) {
        return methods(builder, method -> method.getReturnType().isInstance(builder));
    }

    private static List<Method> methods(Object builder, Predicate<Method> wanted) {
        return Arrays.stream(builder.getClass().getMethods())
                .filter(method -> !method.isBridge() && !Modifier.isStatic(method.getModifiers()))
                .filter(wanted)
                .sorted(Comparator.comparing(BuildersTest::opensAGroup).thenComparing(Method::getName))
                .toList();
    }

    /** Such a method comes last, since options set after it are those of another group. */
    private static boolean opensAGroup(Method method) {
        return List.of(method.getParameterTypes()).contains(String.class);
    }

    private static Object call(Object target, Method method, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(method + " with " + Arrays.toString(arguments), e);
        }
    }

    /** Values that differ from the defaults, a few of each type; a group is opened but once. */
    private static List<Object[]> otherArguments(Method setter) {
        List<Class<?>> types = List.of(setter.getParameterTypes());
        return IntStream.range(0, opensAGroup(setter) ? 1 : 3)
                .mapToObj(choice -> types.stream()
                        .map(type -> argument(setter, type, choice))
                        .toArray())
                .toList();
    }

    private static Object argument(Method setter, Class<?> type, int choice) {
        if (type.isEnum()) {
            return type.getEnumConstants()[choice % type.getEnumConstants().length];
        }
        Map<Class<?>, Object> values = Map.of(
                double.class,
                0.37 + 0.1 * choice,
                double[].class,
                new double[] {0.037 + choice},
                long.class,
                5L + choice,
                int.class,
                5 + choice,
                boolean.class,
                choice % 2 == 0,
                String.class,
                "late " + setter.getParameterTypes()[setter.getParameterCount() - 1].getSimpleName(),
                PairList.class,
                parameter(),
                Block.class,
                new SequentialBlock(),
                BiPredicate.class,
                firstBias());
        return values.get(type);
    }

    private static BiPredicate<String, Parameter> firstBias() {
        AtomicBoolean found = new AtomicBoolean();
        return (name, parameter) -> name.equals("b") && !found.getAndSet(true);
    }

    private static Optimizer built(Object builder) {
        try {
            return (Optimizer) call(builder, builder.getClass().getMethod("build"));
        } catch (NoSuchMethodException e) {
            throw new AssertionError(builder.getClass() + " builds nothing", e);
        }
    }

    private static String options(Optimizer optimizer) {
        return optimizer.paramGroups().stream()
                .map(group -> group.name() + group.parameterNames() + group.options())
                .collect(Collectors.joining());
    }

    private static PairList<String, Parameter> parameter() {
        PairList<String, Parameter> result = new PairList<>();
        result.add(
                "w",
                Parameter.builder().setName("w").setType(Parameter.Type.BIAS).build());
        result.add(
                "b",
                Parameter.builder().setName("b").setType(Parameter.Type.BIAS).build());
        return result;
    }
}
