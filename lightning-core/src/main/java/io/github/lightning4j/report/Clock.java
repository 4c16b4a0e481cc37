package io.github.lightning4j.report;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of day, for people. */
final class Clock {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private Clock() {}

    static String now() {
        return FORMAT.format(ZonedDateTime.now());
    }
}
