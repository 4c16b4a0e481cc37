package io.github.lightning4j.data.internal;

import io.github.lightning4j.BatchSource;
import java.util.Collection;
import java.util.List;

/** When a pass over several sources ends. */
public enum CombinedLength {
    SHORTEST,
    LONGEST,
    LONGEST_WITH_CYCLES,
    SUM;

    /** The batches of a pass; -1 if that is not known. */
    public long of(Collection<BatchSource> sources) {
        List<Long> counts = sources.stream().map(BatchSource::batchCount).toList();
        if (counts.stream().anyMatch(count -> count < 0)) {
            return -1;
        }
        return switch (this) {
            case SHORTEST -> counts.stream().mapToLong(Long::longValue).min().orElse(0);
            case SUM -> counts.stream().mapToLong(Long::longValue).sum();
            default -> counts.stream().mapToLong(Long::longValue).max().orElse(0);
        };
    }
}
