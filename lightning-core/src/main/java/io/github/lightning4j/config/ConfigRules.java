package io.github.lightning4j.config;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.NearestName;
import io.github.lightning4j.internal.record.RecordRules;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of a file that a person wrote. */
final class ConfigRules implements RecordRules {
    private static final String DEFAULTS = "defaults";

    private final String source;

    ConfigRules(String source) {
        this.source = source;
    }

    @Override
    public String separator() {
        return ".";
    }

    @Override
    public @Nullable Record defaults(Class<?> record) {
        try {
            for (Method method : record.getDeclaredMethods()) {
                if (isDefaults(method, record)) {
                    method.setAccessible(true);
                    return (Record) method.invoke(null);
                }
            }
            for (Constructor<?> constructor : record.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 0) {
                    constructor.setAccessible(true);
                    return (Record) constructor.newInstance();
                }
            }
        } catch (InvocationTargetException e) {
            throw new ConfigurationException("The defaults of " + record.getName() + " fail: " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new ConfigurationException("The defaults of " + record.getName() + " cannot be made: " + e, e);
        }
        return null;
    }

    private static boolean isDefaults(Method method, Class<?> record) {
        return method.getName().equals(DEFAULTS)
                && method.getParameterCount() == 0
                && method.getReturnType() == record
                && Modifier.isStatic(method.getModifiers());
    }

    @Override
    public boolean mayBeNull(AnnotatedType type) {
        return type.getType() == Object.class
                || Arrays.stream(type.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    @Override
    public boolean mayBeLeftOut() {
        return true;
    }

    @Override
    public ConfigurationException missing(Class<?> record, String path, Set<?> given) {
        return new ConfigurationException(source + ": '" + path + "' is missing. " + ClassName.of(record)
                + " has no defaults, so it has to be given; or give " + ClassName.of(record) + " a static method "
                + DEFAULTS + "(), or declare the component @Nullable or Optional.");
    }

    @Override
    public ConfigurationException unknown(Class<?> record, String path, Set<String> names, Set<String> absent) {
        List<String> known = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        String each = names.stream()
                .map(name -> "there is no '" + path + name + "'" + suggestion(path, name, known))
                .collect(Collectors.joining(", "));
        return new ConfigurationException(source + ": " + each + ". " + ClassName.of(record) + " has " + known + ".");
    }

    /** The words behind a name that does not exist. */
    static String suggestion(String path, String name, List<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> " (did you mean '" + path + nearest + "'?)")
                .orElse("");
    }

    @Override
    public ConfigurationException wrong(String path, @Nullable Object value, AnnotatedType expected, String reason) {
        return new ConfigurationException(source + ": '" + path + "' is " + TypeText.ofValue(value)
                + ", but has to be " + TypeText.ofType(expected.getType()) + TypeText.hint(value, expected.getType())
                + (reason.isEmpty() ? "." : ": " + reason.replaceFirst("\\.$", "") + "."));
    }

    @Override
    public ConfigurationException refused(Class<?> record, String path, Throwable cause) {
        String place = path.isEmpty() ? "" : " at '" + path.substring(0, path.length() - 1) + "'";
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new ConfigurationException(
                source + ": " + ClassName.of(record) + " refuses its values" + place + ": " + reason, cause);
    }
}
