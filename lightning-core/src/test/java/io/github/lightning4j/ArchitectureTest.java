package io.github.lightning4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house: which room may import which, and what may not be used where. */
class ArchitectureTest {

    private static final String ROOT = "io.github.lightning4j";

    /** If the import loses more classes than this leaves, the rules check too little. */
    private static final double SHARE_SCANNED_AT_LEAST = 0.95;

    /** Classes outside the Trainer's internals that know each other, and why they may. */
    private static final Map<Set<String>, String> CYCLES_WITH_A_REASON = Map.of(
            Set.of(
                    "CallContext",
                    "Callback",
                    "ForwardFailure",
                    "Inference",
                    "LightningModule",
                    "Logger",
                    "ModuleBlock",
                    "ModuleHost",
                    "Run"),
            "callbacks and loggers see the run, the run its module, and a module may bring callbacks",
            Set.of("LrScheduler", "Optimizer", "OptimizerConfig", "OptimizerPlan", "SchedulerConfig"),
            "an optimizer is the simplest configuration, and a configuration holds optimizers",
            Set.of("PlainTensorList", "ScriptedTensorList", "TensorBackend", "TensorKernels", "TensorList"),
            "the type's factory chooses among its implementations",
            Set.of("BackgroundCheckpointWriter", "CheckpointWriter", "DirectCheckpointWriter"),
            "the type's factories make its implementations",
            Set.of("OptimizerBuilder", "TorchOptimizer"),
            "a type and its builder",
            Set.of("LoggerChecks", "LoggerKit"),
            "a kit and its checks",
            Set.of("MetricChecks", "MetricKit"),
            "a kit and its checks");

    /**
     * The rooms from the ground up, as package names below the root; the empty name is the root itself. A row imports
     * itself and the rows above it in this list.
     */
    private static final List<List<String>> ROWS = List.of(
            List.of(
                    "internal.torch",
                    "internal.io",
                    "internal.name",
                    "internal.number",
                    "internal.random",
                    "internal.text"),
            List.of("internal.record"),
            List.of(""),
            List.of("config"),
            List.of("init", "loss", "metric", "nn", "plot"),
            List.of("optim", "optim.scheduler"),
            List.of("data", "data.augment", "data.idx", "data.internal", "data.text"),
            List.of("logger", "logger.tensorboard", "profiler", "summary"),
            List.of("checkpoint", "checkpoint.internal", "checkpoint.onnx"),
            List.of("report"),
            List.of("callback", "progress"),
            List.of("trainer.internal.option"),
            List.of("trainer.internal.run"),
            List.of("trainer.internal.hook"),
            List.of("trainer.internal.log"),
            List.of("trainer.internal.step"),
            List.of("trainer.internal.loop"),
            List.of("trainer.internal.resume"),
            List.of("trainer"),
            List.of("crossvalidation", "search", "tuner"),
            List.of("testing"));

    private static JavaClasses house;

    @BeforeAll
    static void importClasses() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void allClassesAreScanned() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Run.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            long there =
                    files.filter(file -> file.toString().endsWith(".class")).count();

            assertThat(house.size()).isGreaterThanOrEqualTo((int) (SHARE_SCANNED_AT_LEAST * there));
        }
    }

    @Test
    void everyPackageHasItsRow() {
        assertThat(packages()).isSubsetOf(packagesOf(ROWS));
    }

    @TestFactory
    Stream<DynamicTest> aRowImportsOnlyTheRowsAboveIt() {
        return IntStream.range(0, ROWS.size() - 1)
                .mapToObj(i -> DynamicTest.dynamicTest(
                        "row " + (i + 1) + " " + ROWS.get(i),
                        () -> check(noClasses()
                                .that()
                                .resideInAnyPackage(packagesOf(ROWS.subList(i, i + 1)))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(packagesOf(ROWS.subList(i + 1, ROWS.size()))))));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().assignedFrom(new EachPackage()).should().beFreeOfCycles());
    }

    @Test
    void foldersFormNoCycle() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void classesInsideTheTrainersInternals_formNoCycle() {
        assertThat(new ClassCycles(house).within(name -> name.startsWith(ROOT + ".trainer.internal.")))
                .isEmpty();
    }

    @Test
    void classesElsewhere_formOnlyTheCyclesThatHaveAReason() {
        assertThat(new ClassCycles(house).all()).isEqualTo(CYCLES_WITH_A_REASON.keySet());
    }

    @Test
    void onlyInternalTorchKnowsThePyTorchEngine() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".internal.torch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch.."));
    }

    /** It gives the target another storage, of Java's memory. */
    @Test
    void nothingIsCopiedByDjlsCopyTo() {
        check(noClasses().should().callMethod(NDArray.class, "copyTo", NDArray.class));
    }

    @Test
    void onlyProgressSummaryAndCommandsWriteToTheConsole() {
        check(noClasses()
                .that(not(resideInAnyPackage(ROOT + ".progress", ROOT + ".summary")
                        .or(nameMatching(".*Command"))))
                .should(ACCESS_STANDARD_STREAMS));
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = packages().stream()
                .filter(name -> !house.getPackage(name).isAnnotatedWith(NullMarked.class))
                .toList();

        assertThat(unmarked)
                .as("packages whose package-info.java lacks @NullMarked")
                .isEmpty();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(house);
    }

    private static Set<String> packages() {
        Set<String> names = new TreeSet<>();
        house.forEach(c -> names.add(c.getPackageName()));
        return names;
    }

    private static String[] packagesOf(List<List<String>> rows) {
        return rows.stream()
                .flatMap(List::stream)
                .map(room -> room.isEmpty() ? ROOT : ROOT + "." + room)
                .toArray(String[]::new);
    }

    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
