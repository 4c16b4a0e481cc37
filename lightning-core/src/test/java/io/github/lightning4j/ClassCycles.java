package io.github.lightning4j;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Top-level classes that know each other, in whatever detour: the strongly connected parts of the graph of imports. */
final class ClassCycles {
    private final Map<String, Set<String>> uses = new TreeMap<>();

    ClassCycles(JavaClasses classes) {
        for (JavaClass each : classes) {
            String from = topLevel(each).getName();
            uses.computeIfAbsent(from, name -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> topLevel(dependency.getTargetClass()))
                    .filter(target -> classes.contain(target.getName()))
                    .map(JavaClass::getName)
                    .filter(to -> !to.equals(from))
                    .forEach(to -> uses.get(from).add(to));
        }
    }

    private static JavaClass topLevel(JavaClass each) {
        JavaClass component = each.getBaseComponentType();
        return component.getEnclosingClass().map(ClassCycles::topLevel).orElse(component);
    }

    /** The cycles, each as the simple names of its classes. */
    Set<Set<String>> all() {
        return within(name -> true);
    }

    /** The cycles among the classes of some packages. */
    Set<Set<String>> within(Function<String, Boolean> packages) {
        Map<String, Set<String>> reached = new HashMap<>();
        uses.keySet().stream().filter(packages::apply).forEach(name -> reached.put(name, reachedFrom(name, packages)));
        return reached.keySet().stream()
                .filter(name -> reached.get(name).contains(name))
                .map(name -> reached.get(name).stream()
                        .filter(other -> reached.get(other).contains(name))
                        .map(ClassCycles::simple)
                        .collect(Collectors.toCollection(TreeSet::new)))
                .collect(Collectors.toSet());
    }

    private Set<String> reachedFrom(String start, Function<String, Boolean> packages) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of(start));
        while (!next.isEmpty()) {
            for (String to : uses.get(next.pop())) {
                if (packages.apply(to) && reached.add(to)) {
                    next.push(to);
                }
            }
        }
        return reached;
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
