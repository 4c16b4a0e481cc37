package io.github.lightning4j.config;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.record.RecordReader;
import io.github.lightning4j.internal.record.Scalars;
import io.github.lightning4j.internal.record.TextForm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The options of a builder: its public methods with one parameter that return the builder. */
final class BuilderOptions {
    private final Class<?> builder;
    /** Every option, and the methods that take a plain value, which are none for some. */
    private final NavigableMap<String, List<Method>> options = new TreeMap<>();

    private BuilderOptions(Class<?> builder) {
        this.builder = builder;
        Arrays.stream(builder.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers())
                        && !method.isBridge()
                        && method.getParameterCount() == 1
                        && method.getReturnType().isAssignableFrom(builder)
                        && method.getReturnType() != Object.class)
                .sorted(Comparator.comparing(Method::toString))
                .forEach(this::add);
    }

    private void add(Method method) {
        List<Method> methods = options.computeIfAbsent(method.getName(), absent -> new ArrayList<>());
        if (isPlain(method.getGenericParameterTypes()[0])) {
            methods.add(method);
        }
    }

    static BuilderOptions of(Class<?> builder) {
        return new BuilderOptions(builder);
    }

    private static boolean isPlain(Type type) {
        if (type instanceof ParameterizedType generic) {
            boolean container = generic.getRawType() == List.class || generic.getRawType() == Map.class;
            return container && Arrays.stream(generic.getActualTypeArguments()).allMatch(BuilderOptions::isPlain);
        }
        return type instanceof Class<?> plain
                && (plain.isPrimitive()
                        || plain.isEnum()
                        || plain == String.class
                        || plain == Boolean.class
                        || Number.class.isAssignableFrom(plain)
                        || TextForm.isOf(plain));
    }

    /** The options that can be set by a plain value. */
    List<String> names() {
        return options.keySet().stream()
                .filter(name -> !methods(name).isEmpty())
                .toList();
    }

    private List<Method> methods(String name) {
        return options.getOrDefault(name, List.of());
    }

    void set(Object target, String name, @Nullable Object value, String source) {
        requireOption(name, source);
        if (value != null) {
            call(target, name, List.of(value), source);
        }
    }

    /** Sets an option to what a text says: itself, a number, or true or false, whatever the option takes. */
    void setText(Object target, String name, String text, String source) {
        requireOption(name, source);
        Object number = Scalars.ofText(text);
        call(target, name, number instanceof String ? List.of(text) : List.of(text, number), source);
    }

    private void requireOption(String name, String source) {
        if (!options.containsKey(name)) {
            throw new ConfigurationException(source + ": there is no option '" + name + "'"
                    + ConfigRules.suggestion("", name, names()) + ". There are " + names() + ".");
        }
        if (methods(name).isEmpty()) {
            throw new ConfigurationException(source + ": '" + name + "' cannot be given as a plain value; call " + name
                    + "(...) of the builder.");
        }
    }

    /** Calls the first method that takes one of these values. */
    private void call(Object target, String name, List<Object> values, String source) {
        RecordReader reader = new RecordReader(new ConfigRules(source));
        List<ConfigurationException> refusals = new ArrayList<>();
        for (Object value : values) {
            for (Method method : methods(name)) {
                Object argument;
                try {
                    argument = reader.value(method.getAnnotatedParameterTypes()[0], value, name);
                } catch (ConfigurationException e) {
                    refusals.add(e);
                    continue;
                }
                call(target, method, argument, source);
                return;
            }
        }
        throw refusals.get(refusals.size() - 1);
    }

    private void call(Object target, Method method, @Nullable Object argument, String source) {
        try {
            method.setAccessible(true);
            method.invoke(target, argument);
        } catch (InvocationTargetException e) {
            Throwable refusal = Objects.requireNonNullElse(e.getCause(), e);
            throw new ConfigurationException(source + ": " + refusal.getMessage(), refusal);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }
}
