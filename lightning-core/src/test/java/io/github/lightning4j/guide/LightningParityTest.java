package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ModuleHooks;
import io.github.lightning4j.trainer.Trainer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** What docs/lightning-parity.md names is there, what is there is named, and its counts are right. */
class LightningParityTest {
    private static final int MOST_MISSING = 15;
    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final String ROOT = "io.github.lightning4j.";

    private static final Pattern ROW = Pattern.compile("^\\|(.*)\\|(.*)\\|(.*)\\|$");
    private static final Pattern COUNT = Pattern.compile("^\\| ([^|]+) \\| (\\d+) \\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern WHY_NOT = Pattern.compile("(missing|no meaning): \\S.*");
    private static final Pattern MENDED = Pattern.compile("(error|correct): \\S.*");
    private static final String OUR_OWN = "What Lightning has not";
    private static final String MISTAKES = "What is silently accepted or wrong there";
    private static final int FEWEST_MISTAKES = 70;

    private static final Map<String, List<Class<?>>> CLASSES = new TreeMap<>();
    private static final Map<String, List<Class<?>>> TEST_CLASSES = new TreeMap<>();
    private static String page = "";
    private static List<Row> rows = List.of();

    private record Row(String section, String lightning, String here, String shownBy) {
        /** Whether it is of something that Lightning has, and so one of those that are counted. */
        boolean isOfLightning() {
            return !section.equals(OUR_OWN) && !section.equals(MISTAKES);
        }

        boolean is(String kind) {
            return here.startsWith(kind + ": ");
        }

        boolean isThere() {
            return !is("missing") && !is("no meaning");
        }
    }

    @BeforeAll
    static void read() throws IOException {
        collect(MAIN, CLASSES);
        collect(TESTS, TEST_CLASSES);
        page = Files.readString(Path.of("../docs/lightning-parity.md"));
        rows = Arrays.stream(page.split("(?m)^## "))
                .flatMap(LightningParityTest::rows)
                .toList();
        assertThat(rows).hasSizeGreaterThan(400);
    }

    private static Stream<Row> rows(String section) {
        String title = section.lines().findFirst().orElse("");
        return section.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(
                        title,
                        row.group(1).strip(),
                        row.group(2).strip(),
                        row.group(3).strip()))
                .filter(row -> !row.here.equals("here") && !row.here.startsWith("---"));
    }

    /** Classes by their names without the package, nested ones as {@code Outer.Inner}. */
    private static void collect(Path root, Map<String, List<Class<?>>> into) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> root.relativize(file).toString().replace(File.separatorChar, '.'))
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .filter(name -> name.startsWith(ROOT) && !name.endsWith("-info"))
                    .forEach(name -> add(named(name), into));
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name, false, LightningParityTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static void add(Class<?> type, Map<String, List<Class<?>>> into) {
        into.computeIfAbsent(shortName(type), name -> new ArrayList<>()).add(type);
        Arrays.stream(type.getDeclaredClasses()).forEach(inner -> add(inner, into));
    }

    private static String shortName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    @Test
    void whatIsNamed_isThere() {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            names(row.here)
                    .filter(name -> !isForUsers(name))
                    .forEach(name -> wrong.add(row.lightning + ": there is no public " + name));
            names(row.shownBy)
                    .filter(name -> !isATest(name))
                    .forEach(name -> wrong.add(row.lightning + ": there is no test " + name));
        }
        assertThat(wrong).isEmpty();
    }

    private static Stream<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1));
    }

    private static boolean isForUsers(String name) {
        return classes(CLASSES, name).anyMatch(LightningParityTest::isForUsers)
                || classes(CLASSES, owner(name))
                        .filter(LightningParityTest::isForUsers)
                        .flatMap(LightningParityTest::members)
                        .filter(member ->
                                Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()))
                        .anyMatch(member -> member.getName().equals(last(name)));
    }

    private static boolean isForUsers(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && !type.getPackageName().contains(".internal");
    }

    private static boolean isATest(String name) {
        return classes(TEST_CLASSES, name).flatMap(LightningParityTest::methods).anyMatch(LightningParityTest::isATest)
                || classes(TEST_CLASSES, owner(name))
                        .flatMap(LightningParityTest::methods)
                        .anyMatch(method -> method.getName().equals(last(name)) && isATest(method));
    }

    private static boolean isATest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }

    private static Stream<Class<?>> classes(Map<String, List<Class<?>>> all, String name) {
        return all.getOrDefault(name, List.of()).stream();
    }

    private static String owner(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Stream<Member> members(Class<?> type) {
        return Stream.concat(methods(type), Arrays.stream(type.getFields()));
    }

    /** Those of the class, of what it extends and of what it implements. */
    private static Stream<Method> methods(Class<?> type) {
        Stream<Method> own =
                Stream.of(type.getDeclaredMethods(), type.getMethods()).flatMap(Arrays::stream);
        return type.getSuperclass() == null ? own : Stream.concat(own, methods(type.getSuperclass()));
    }

    @Test
    void everyRow_hasATestOrAReason() {
        assertThat(rows.stream().filter(row -> row.isThere() == row.shownBy.isEmpty()))
                .isEmpty();
        assertThat(rows.stream().filter(row -> !row.isThere()).map(Row::here)).allMatch(WHY_NOT.asMatchPredicate());
        assertThat(rows.stream()
                        .filter(Row::isThere)
                        .filter(row -> names(row.shownBy).findAny().isEmpty()))
                .isEmpty();
    }

    @Test
    void counts_areThoseOfTheRows() {
        List<Row> ofLightning = rows.stream().filter(Row::isOfLightning).toList();
        long there = ofLightning.stream().filter(Row::isThere).count();
        long missing = ofLightning.stream().filter(row -> row.is("missing")).count();
        long meaningless =
                ofLightning.stream().filter(row -> row.is("no meaning")).count();

        assertThat(COUNT.matcher(page).results().map(row -> row.group(1) + ": " + row.group(2)))
                .containsExactly(
                        "there, with its test: " + there,
                        "missing, with the reason: " + missing,
                        "without a meaning here, with the reason: " + meaningless,
                        "all: " + ofLightning.size());
        assertThat(missing).isLessThanOrEqualTo(MOST_MISSING);
    }

    @Test
    void everyMistake_isAnErrorOrCorrectHere_asAMethodOfATestShows() {
        List<Row> mistakes =
                rows.stream().filter(row -> row.section.equals(MISTAKES)).toList();

        assertThat(mistakes).hasSizeGreaterThanOrEqualTo(FEWEST_MISTAKES);
        assertThat(mistakes.stream().map(Row::here)).allMatch(MENDED.asMatchPredicate());
        assertThat(mistakes.stream().flatMap(row -> names(row.shownBy)))
                .isNotEmpty()
                .allMatch(name -> classes(TEST_CLASSES, owner(name)).findAny().isPresent());
    }

    @Test
    void whatIsThere_isNamed() throws IOException {
        TreeSet<String> unnamed = new TreeSet<>();
        for (Class<?> type : List.of(Trainer.Builder.class, Callback.class, ModuleHooks.class)) {
            Arrays.stream(type.getMethods())
                    .filter(method -> method.getDeclaringClass() != Object.class)
                    .forEach(method -> unnamed.add(shortName(type) + "." + method.getName()));
        }
        for (String room : List.of("callback", "logger", "profiler")) {
            CLASSES.values().stream()
                    .flatMap(List::stream)
                    .filter(type -> (type.getPackageName() + ".").startsWith(ROOT + room + "."))
                    .filter(type -> type.getEnclosingClass() == null && isForUsers(type))
                    .forEach(type -> unnamed.add(type.getSimpleName()));
        }
        assertThat(unnamed).hasSizeGreaterThan(130);

        rows.forEach(row -> names(row.here).forEach(unnamed::remove));

        assertThat(unnamed).isEmpty();
    }
}
