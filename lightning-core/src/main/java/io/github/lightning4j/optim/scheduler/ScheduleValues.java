package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values a schedule was made with, such as {@code gamma}: its final fields of numbers, flags and choices. They are saved
 * to be compared; those given now count.
 */
final class ScheduleValues {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleValues.class);

    private ScheduleValues() {}

    static void save(LrScheduler scheduler, StateWriter state) {
        of(scheduler).forEach(state::putString);
    }

    static void reportChanges(LrScheduler scheduler, StateReader state) {
        TreeMap<String, String> now = of(scheduler);
        for (String name : state.keys()) {
            String before = state.getString(name);
            if (!before.equals(now.get(name))) {
                LOG.info(
                        "{} of the scheduler {} was {} when the run was saved and is {} now; the new value is used from the"
                                + " next step of the schedule on",
                        name,
                        scheduler.name(),
                        before,
                        now.getOrDefault(name, "absent"));
            }
        }
    }

    private static TreeMap<String, String> of(LrScheduler scheduler) {
        TreeMap<String, String> values = new TreeMap<>();
        for (Class<?> type = scheduler.getClass(); isOfOneKind(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isFinal(modifiers) && !Modifier.isStatic(modifiers) && isValue(field.getType())) {
                    values.put(field.getName(), read(field, scheduler));
                }
            }
        }
        return values;
    }

    /** What all schedules have, which lies in abstract classes, is not a value of one. */
    private static boolean isOfOneKind(Class<?> type) {
        return type != Object.class && !Modifier.isAbstract(type.getModifiers());
    }

    private static boolean isValue(Class<?> type) {
        return type.isPrimitive()
                || type.isEnum()
                || type.isArray() && type.getComponentType().isPrimitive();
    }

    private static String read(Field field, LrScheduler scheduler) {
        try {
            field.setAccessible(true);
            Object value = field.get(scheduler);
            return value.getClass().isArray() ? elements(value) : value.toString();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }

    private static String elements(Object array) {
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < Array.getLength(array); i++) {
            text.add(Array.get(array, i).toString());
        }
        return text.toString();
    }
}
