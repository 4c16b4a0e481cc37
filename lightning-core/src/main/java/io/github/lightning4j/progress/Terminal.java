package io.github.lightning4j.progress;

import java.io.Console;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the standard output can do.
 *
 * @param live whether a line can be drawn over
 * @param unicode whether it shows line-drawing characters and blocks
 * @param colour whether it shows colours and the user wants them
 */
record Terminal(boolean live, boolean unicode, boolean colour) {
    /** Looks at the console and the environment of this process. */
    @SuppressWarnings("SystemConsoleNull") // isTerminal knows both the old and the new meaning
    static Terminal detect() {
        Console console = System.console();
        Charset charset = console == null ? Charset.defaultCharset() : console.charset();
        return of(isTerminal(console), charset, System::getenv);
    }

    static Terminal of(boolean isTerminal, Charset charset, UnaryOperator<@Nullable String> environment) {
        String type = environment.apply("TERM");
        boolean understandsEscapes = type == null ? isSet(environment, "WT_SESSION") : !type.equals("dumb");
        return new Terminal(
                isTerminal && understandsEscapes && !isSet(environment, "CI"),
                charset.canEncode() && charset.newEncoder().canEncode("\u2501\u2581"),
                !isSet(environment, "NO_COLOR"));
    }

    private static boolean isSet(UnaryOperator<@Nullable String> environment, String name) {
        String value = environment.apply(name);
        return value != null && !value.isEmpty();
    }

    /** From Java 22 on a console may exist without a terminal; a method that Java 17 lacks tells. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
