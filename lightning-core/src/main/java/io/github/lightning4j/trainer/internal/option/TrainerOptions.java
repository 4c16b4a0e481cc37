package io.github.lightning4j.trainer.internal.option;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Logger;
import io.github.lightning4j.profiler.Profiler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Trainer was told, checked and complete.
 *
 * @param stop when a fit ends
 * @param batches how much of the data is used
 * @param intervals how often it validates and logs
 * @param gradients accumulation and clipping
 * @param compute device, dtype and threads
 * @param storage where a fit writes
 * @param display what it shows
 * @param callbacks the Trainer's callbacks
 * @param loggers the loggers, or null for the default
 * @param seed the seed, or null to draw one
 * @param fastDevRun whether fits are trial runs
 * @param profiler is told what a run does, or null
 * @param tuning whether fits measure how the module trains: schedulers and the module's own callbacks rest
 */
public record TrainerOptions(
        StopLimits stop,
        BatchLimits batches,
        Intervals intervals,
        GradientOptions gradients,
        Compute compute,
        Storage storage,
        Display display,
        List<Callback> callbacks,
        @Nullable List<Logger> loggers,
        @Nullable Long seed,
        boolean fastDevRun,
        @Nullable Profiler profiler,
        boolean tuning) {
    /** The same training for some steps, with these callbacks alone; it shows and writes nothing and does not validate. */
    public TrainerOptions ofTuning(long steps, List<Callback> itsCallbacks) {
        return new TrainerOptions(
                new StopLimits(-1, 0, steps, 0, null),
                batches.withoutValidation(),
                new Intervals(intervals.valCheckInterval(), 0, intervals.reloadDataLoadersEveryNEpochs()),
                gradients,
                compute,
                storage.ofNothing(),
                new Display(false, false, false),
                List.copyOf(itsCallbacks),
                List.of(),
                seed,
                false,
                null,
                true);
    }
}
