package io.github.lightning4j.logger;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class Slf4jLoggerTest {
    private final Logger target = (Logger) LoggerFactory.getLogger(Slf4jLogger.NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        target.setAdditive(false);
        target.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        target.detachAppender(lines);
        target.setAdditive(true);
        target.setLevel(null);
    }

    @Test
    void aRow_isOneLineOfRoundedNumbers() {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("train_loss", 0.12500000186264515);
        row.put("lr", 1e-4);
        row.put("tiny", 1.23456789e-12);
        row.put("count", 60000.0);
        row.put("bad", Double.NaN);
        new Slf4jLogger().logMetrics(row, 300, 2);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "epoch 2, step 300: train_loss=0.125, lr=0.0001, tiny=1.23457E-12, count=60000, bad=NaN");
    }

    @Test
    void nothingIsWritten_whereInfoIsOff() {
        target.setLevel(Level.WARN);
        new Slf4jLogger().logMetrics(Map.of("a", 1.0), 1, 0);
        new Slf4jLogger().logHyperparameters(Map.of("lr", 0.1));
        assertThat(lines.list).isEmpty();
    }
}
