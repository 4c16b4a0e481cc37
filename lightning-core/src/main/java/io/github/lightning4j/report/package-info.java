/**
 * A run as a page for the browser: {@link io.github.lightning4j.report.ReportLogger} writes it, {@link
 * io.github.lightning4j.report.Report} writes it anew and puts several runs side by side.
 */
@NullMarked
package io.github.lightning4j.report;

import org.jspecify.annotations.NullMarked;
