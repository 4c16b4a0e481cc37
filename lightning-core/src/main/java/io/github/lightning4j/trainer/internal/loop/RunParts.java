package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.log.RunHistory;
import io.github.lightning4j.trainer.internal.log.RunLoggers;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.SaveGate;
import io.github.lightning4j.trainer.internal.run.StepOutputs;
import io.github.lightning4j.trainer.internal.run.TrainingClock;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;

/**
 * The parts of one run, for constructors to take what they need from; whoever keeps the whole has not decided what it is.
 *
 * @param module the module
 * @param seeds the run's seeds
 * @param manager owns the run's native memory
 * @param position where the run stands
 * @param clock how long it has trained
 * @param interruption how it is asked to stop from outside
 * @param phases what it is doing
 * @param gate lets checkpoints through
 * @param hooks calls callbacks and module
 * @param book what was logged
 * @param history the metrics of every epoch
 * @param loggers the loggers
 * @param items what is shown besides numbers
 * @param outputs what the evaluation step that runs has given
 * @param optimizers optimizers and schedulers
 */
public record RunParts(
        LightningModule module,
        Seeds seeds,
        NDManager manager,
        Position position,
        TrainingClock clock,
        Interruption interruption,
        Phases phases,
        SaveGate gate,
        Hooks hooks,
        LogBook book,
        RunHistory history,
        RunLoggers loggers,
        ItemBook items,
        StepOutputs outputs,
        OptimizerSet optimizers) {}
