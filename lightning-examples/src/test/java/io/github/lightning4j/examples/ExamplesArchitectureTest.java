package io.github.lightning4j.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples show what users may do, so they use nothing that users may not. */
class ExamplesArchitectureTest {

    private static JavaClasses examples;

    @BeforeAll
    static void importClasses() {
        examples = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.github.lightning4j.examples");
    }

    @Test
    void examplesUseNoInternals() {
        assertThat(examples).isNotEmpty();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.lightning4j.internal..", "ai.djl.pytorch..")
                .check(examples);
    }
}
