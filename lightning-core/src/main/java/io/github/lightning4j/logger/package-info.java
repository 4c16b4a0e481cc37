/**
 * Where the metrics of a run go: a file ({@link io.github.lightning4j.logger.CsvLogger}) or SLF4J ({@link
 * io.github.lightning4j.logger.Slf4jLogger}).
 */
@NullMarked
package io.github.lightning4j.logger;

import org.jspecify.annotations.NullMarked;
