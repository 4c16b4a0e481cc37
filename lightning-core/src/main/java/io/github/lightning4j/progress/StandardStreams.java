package io.github.lightning4j.progress;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** The standard streams of the process while a screen is drawn: what is written to them passes above it. */
final class StandardStreams implements AutoCloseable {
    private final PrintStream out;
    private final PrintStream err;
    private final LinesAbove outLines;
    private final LinesAbove errLines;
    private final PrintStream passingOut;
    private final PrintStream passingErr;

    private StandardStreams(PrintStream out, PrintStream err, Screen screen, Charset charset) {
        this.out = out;
        this.err = err;
        this.outLines = new LinesAbove(out, screen);
        this.errLines = new LinesAbove(err, screen);
        this.passingOut = new PrintStream(outLines, true, charset);
        this.passingErr = new PrintStream(errLines, true, charset);
    }

    static StandardStreams passAbove(Screen screen) {
        StandardStreams streams = new StandardStreams(System.out, System.err, screen, charset());
        System.setOut(streams.passingOut);
        System.setErr(streams.passingErr);
        return streams;
    }

    /** The charset that the streams were made with. */
    static Charset charset() {
        for (String property : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
            String name = System.getProperty(property);
            if (name != null && Charset.isSupported(name)) {
                return Charset.forName(name);
            }
        }
        Console console = System.console();
        return console == null ? Charset.defaultCharset() : console.charset();
    }

    /** Gives the streams back, unless somebody has replaced them meanwhile, and writes what has waited for the end of its line. */
    @Override
    public void close() {
        if (System.out == passingOut) {
            System.setOut(out);
        }
        if (System.err == passingErr) {
            System.setErr(err);
        }
        release();
    }

    /** Writes what has waited for the end of its line; what comes from now on does not wait. */
    void release() {
        outLines.release();
        errLines.release();
    }
}
