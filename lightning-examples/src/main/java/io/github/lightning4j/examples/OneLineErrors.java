package io.github.lightning4j.examples;

import io.github.lightning4j.LightningException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong in one line on stderr. */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OneLineErrors.class);

    @Override
    public int handleParseException(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        String what = mistake instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched, command)
                : String.valueOf(mistake.getMessage());
        String help = command.getCommandSpec().qualifiedName() + " --help";
        return fail(what.replaceFirst("\\.$", "") + ". '" + help + "' lists what there is.", ExitCode.USAGE);
    }

    private static String unmatched(UnmatchedArgumentException mistake, CommandLine command) {
        Set<String> examples = command.getSubcommands().keySet();
        String first = mistake.getUnmatched().get(0);
        if (!examples.isEmpty() && !mistake.isUnknownOption()) {
            return "There is no example " + mistake.getUnmatched() + Suggestion.of(first, examples) + " but "
                    + examples;
        }
        List<String> options = command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .toList();
        return mistake.getMessage() + Suggestion.of(first.replaceFirst("=.*", ""), options);
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.debug("{} failed", command.getCommandName(), failure);
        return failure instanceof LightningException
                ? fail(String.valueOf(failure.getMessage()), ExitCode.USAGE)
                : fail("Unexpected: " + failure + ". -Dlog=DEBUG shows where.", ExitCode.SOFTWARE);
    }

    private static int fail(String message, int exitCode) {
        System.err.println(message.replaceAll("\\s*\\R\\s*", " "));
        return exitCode;
    }
}
