package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.trainer.internal.hook.Hook;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of docs/trainer.md are complete, and the defaults they quote are those of the builder. */
class TrainerGuideTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| (`\\w+\\([^|]*) \\| `([^`]+)`[^|]* \\|", Pattern.MULTILINE);
    private static final Pattern OPTION = Pattern.compile("`(\\w+)\\(");

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/trainer.md"));
    }

    @Test
    void everyOptionOfTheBuilder_isListed() throws IOException {
        String page = page();
        assertThat(Arrays.stream(Trainer.Builder.class.getMethods())
                        .filter(method -> method.getReturnType() == Trainer.Builder.class)
                        .map(Method::getName)
                        .distinct())
                .hasSizeGreaterThan(20)
                .allSatisfy(option -> assertThat(page).contains("`" + option + "("));
    }

    @Test
    void defaultsThatAreQuoted_areThoseOfTheBuilder() throws Exception {
        List<MatchResult> rows = ROW.matcher(page()).results().toList();
        assertThat(rows).hasSizeGreaterThan(10);
        for (MatchResult row : rows) {
            for (MatchResult option : OPTION.matcher(row.group(1)).results().toList()) {
                Object value = valueOf(option.group(1));
                if (value != null && !option.group(1).equals("valCheckInterval")) {
                    assertThat(value.toString()).as(option.group(1)).isEqualTo(row.group(2));
                }
            }
        }
    }

    /** The value of an option nobody has set; null where it depends on others. */
    private static Object valueOf(String option) throws ReflectiveOperationException {
        Field field = Trainer.Builder.class.getDeclaredField(option);
        field.setAccessible(true);
        return field.get(Trainer.builder());
    }

    @Test
    void everyHook_isListed() throws IOException {
        String page = page();
        assertThat(Hook.values())
                .filteredOn(hook -> hook != Hook.NONE)
                .allSatisfy(hook -> assertThat(page).contains("`" + hook.label() + "`"));
    }
}
