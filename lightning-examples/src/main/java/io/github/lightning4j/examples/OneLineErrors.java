package io.github.lightning4j.examples;

import io.github.lightning4j.LightningException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong in one line on stderr. */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OneLineErrors.class);

    @Override
    public int handleParseException(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        Set<String> examples = command.getSubcommands().keySet();
        String what = mistake.getMessage();
        if (!examples.isEmpty()
                && mistake instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            what = "There is no example " + unmatched.getUnmatched() + " but " + examples;
        }
        String help = command.getCommandSpec().qualifiedName() + " --help";
        return fail(what + ". '" + help + "' lists what there is.", ExitCode.USAGE);
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
