package io.github.lightning4j.report;

import java.util.List;
import java.util.Map;

/**
 * A run on a page.
 *
 * @param name what it is called there
 * @param record what is known of it
 * @param checkpoints the files it has left
 * @param best which of them are best, by which metric
 */
record ReportedRun(
        String name, RunRecord record, List<Map<String, Object>> checkpoints, List<Map<String, Object>> best) {}
