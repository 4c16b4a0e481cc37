package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Epoch after epoch, until a limit, a decision of the training or an interruption ends it. */
final class FitLoop {
    private final RunSession session;
    private final LoopOptions options;
    private final FitProgress progress;
    private final TrainingEpoch epochs;
    private final ValidationSchedule validation;
    private final long startedAt = System.nanoTime();

    FitLoop(RunSession session, BatchSource train, List<BatchSource> vals) {
        this.session = session;
        this.options = session.options();
        this.progress = session.progress();
        this.validation = new ValidationSchedule(session, vals);
        this.epochs = new TrainingEpoch(session, train, validation, this);
    }

    /**
     * Runs it.
     *
     * @return why it ended, in words
     */
    String run() {
        try (GradMode off = GradMode.off();
                CallContext context = session.context(true)) {
            if (progress.globalStep == 0 && progress.epoch == 0 && !progress.epochStarted) {
                validation.sanityCheck();
            }
            return Failures.ended(this::train, this::endTraining);
        }
    }

    private String train() {
        session.hooks().call(Hook.ON_TRAIN_START, each -> each.onTrainStart(session), session.module()::onTrainStart);
        String reason = reasonToStop();
        while (reason == null
                || (progress.epochStarted && session.interruption().reason() == null)) {
            if (epochs.run()) {
                session.savePoint(SavePoint.EPOCH);
            }
            reason = reasonToStop();
        }
        if (session.interruption().reason() != null) {
            session.saveInterrupted();
        }
        return reason;
    }

    private void endTraining() {
        session.hooks().callAll(Hook.ON_TRAIN_END, each -> each.onTrainEnd(session), session.module()::onTrainEnd);
    }

    /** Why training ends here, or null if it goes on. */
    @Nullable
    String reasonToStop() {
        String interrupted = session.interruption().reason();
        return interrupted != null ? interrupted : decidedStop();
    }

    /** Why the training itself ends here: a limit or a callback's request, but no interruption. */
    @Nullable
    String decidedStop() {
        boolean heldBack = progress.epoch < options.minEpochs() || progress.globalStep < options.minSteps();
        if (progress.stopReason != null && !heldBack) {
            return progress.stopReason;
        }
        if (options.maxSteps() >= 0 && progress.globalStep >= options.maxSteps()) {
            return "maxSteps=" + options.maxSteps() + " reached";
        }
        if (options.maxEpochs() >= 0 && progress.epoch >= options.maxEpochs()) {
            return "maxEpochs=" + options.maxEpochs() + " reached";
        }
        if (options.maxTime() != null
                && System.nanoTime() - startedAt >= options.maxTime().toNanos()) {
            return "maxTime=" + options.maxTime() + " reached";
        }
        return null;
    }
}
