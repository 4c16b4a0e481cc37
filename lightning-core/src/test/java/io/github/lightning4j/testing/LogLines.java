package io.github.lightning4j.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the library logs while this is open. */
public final class LogLines implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.lightning4j");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private LogLines() {
        lines.start();
        logger.addAppender(lines);
    }

    public static LogLines capture() {
        return new LogLines();
    }

    public List<String> messages() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
    }
}
