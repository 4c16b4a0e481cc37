package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Logger;
import io.github.lightning4j.trainer.internal.loop.LoopOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TrainerBuilder} was told: what concerns the loops, and what concerns everything around them. */
record TrainerOptions(
        LoopOptions loop,
        @Nullable Long seed,
        int threads,
        List<Callback> callbacks,
        @Nullable List<Logger> loggers,
        boolean progressBar,
        boolean modelSummary,
        boolean checkpointing,
        Path defaultRootDir,
        String runName,
        @Nullable Path runDirectory,
        boolean autoResume,
        boolean backgroundCheckpoints,
        @Nullable SignalPolicy signals) {}
