package io.github.lightning4j.examples;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts an example in a JVM of its own: the same java with the same classes, whether these come from jars or from Maven. */
final class ChildJvm {
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private ChildJvm() {}

    /**
     * Starts an example.
     *
     * @param log the file that what it says is appended to
     */
    static Process start(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), QUICK_START, "-cp", classPath(), Main.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IllegalStateException e) {
            process.destroyForcibly(); // this JVM is on its way out already
            throw e;
        }
        return process;
    }

    private static String java() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() ->
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    /** Under Maven's exec:java the examples have a class loader of their own, which java.class.path knows nothing of. */
    private static String classPath() {
        if (!(ChildJvm.class.getClassLoader() instanceof URLClassLoader loader)) {
            return System.getProperty("java.class.path");
        }
        List<String> places = new ArrayList<>();
        for (URL url : loader.getURLs()) {
            try {
                places.add(Path.of(url.toURI()).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(url + " of the class path is no file", e);
            }
        }
        return String.join(File.pathSeparator, places);
    }
}
