package io.github.lightning4j.progress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.io.PrintStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a run is: epoch, batches, time gone and left, samples per second and what was logged for the progress
 * bar.
 *
 * <p>On a terminal it is one line that is drawn over, at most every 80 milliseconds, and stays when the epoch is over. In one
 * of at least 100 columns and 24 lines the training has a block of lines, with a table of what was logged for the progress
 * bar, the time left of the whole fit, learning rates, memory and checkpoints. While either is drawn, {@code System.out} and
 * {@code System.err} are replaced, so that whole lines written to them appear above it; the end of the run, or of the
 * process, gives them back. Elsewhere (a file, a pipe, the console of most IDEs, {@code TERM=dumb}, an environment with {@code CI} set) it writes
 * plain lines: one an epoch, and during long ones at most one every 10 seconds. {@code NO_COLOR} is honoured.
 *
 * <p>A batch costs one look at the clock, unless something is to be drawn.
 */
public final class ProgressBar implements Callback {
    private final Display display;
    private final LongSupplier nanoClock;
    private @Nullable Task training;
    private @Nullable Task evaluation;
    private long samplesAtStart;
    private long nextUpdate;

    /** Creates a bar on the standard output, live if that is a terminal. */
    public ProgressBar() {
        this(suitable(Terminal.detect()), System::nanoTime);
    }

    ProgressBar(Display display, LongSupplier nanoClock) {
        this.display = display;
        this.nanoClock = nanoClock;
    }

    private static Display suitable(Terminal terminal) {
        return terminal.live() ? live(terminal) : new PlainDisplay(System.out);
    }

    private static Display live(Terminal terminal) {
        return new LiveDisplay(TerminalScreen.SHARED, new Theme(terminal.unicode(), terminal.colour()));
    }

    /**
     * Creates a bar that is live whatever the standard output seems to be, for a console that can draw over a line but
     * does not say so.
     *
     * @return the callback
     */
    public static ProgressBar live() {
        return new ProgressBar(live(Terminal.detect()), System::nanoTime);
    }

    /**
     * Creates a bar that writes plain lines.
     *
     * @param out where
     * @return the callback
     */
    public static ProgressBar plain(PrintStream out) {
        return new ProgressBar(new PlainDisplay(out), System::nanoTime);
    }

    /**
     * Writes a line to the standard output, above a bar that is being drawn there.
     *
     * @param text the line, or several
     */
    public static void print(String text) {
        System.out.println(text);
    }

    @Override
    public void onTrainStart(Run run) {
        display.trainingStarts(run, nanoClock.getAsLong());
        // An epoch that is resumed half way does not start again.
        startEpoch(run, run.batchesDone());
    }

    @Override
    public void onTrainEpochStart(Run run) {
        startEpoch(run, 0);
    }

    private void startEpoch(Run run, long batchesDone) {
        long now = nanoClock.getAsLong();
        samplesAtStart = run.samplesSeen();
        training = new Task(epochTitle(run), run.trainBatches(), batchesDone, now);
        show(training, run, now);
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        long now = nanoClock.getAsLong();
        Task task = training;
        if (task == null) {
            return;
        }
        task.batchesDone(batchIndex + 1L, now);
        if (now - nextUpdate >= 0) {
            task.setSamples(run.samplesSeen() - samplesAtStart);
            update(task, run, now);
        }
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        finishEpoch(run);
    }

    @Override
    public void onTrainEnd(Run run) {
        if (training != null && training.hasProgress()) {
            finishEpoch(run);
        } else if (training != null) {
            training = null;
            display.discard();
        }
        display.trainingEnds(run, nanoClock.getAsLong());
    }

    private void finishEpoch(Run run) {
        if (training != null) {
            training.setSamples(run.samplesSeen() - samplesAtStart);
            display.finish(training, run, nanoClock.getAsLong());
            training = null;
        }
    }

    @Override
    public void onValidationStart(Run run) {
        if (training != null) {
            training.pause(nanoClock.getAsLong());
        }
        String title = run.stage() == Stage.SANITY_CHECK
                ? "Sanity check"
                : training == null ? "Validation" : training.title() + " validation";
        startEvaluation(run, title);
    }

    @Override
    public void onValidationBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run, batch);
    }

    @Override
    public void onValidationEnd(Run run) {
        if (training != null) {
            long now = nanoClock.getAsLong();
            evaluation = null;
            training.resume(now);
            show(training, run, now);
        } else if (run.stage() == Stage.SANITY_CHECK) {
            evaluation = null;
            display.discard();
        } else {
            finishEvaluation(run);
        }
    }

    @Override
    public void onTestStart(Run run) {
        startEvaluation(run, "Test");
    }

    @Override
    public void onTestBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run, batch);
    }

    @Override
    public void onTestEnd(Run run) {
        finishEvaluation(run);
    }

    @Override
    public void onPredictStart(Run run) {
        startEvaluation(run, "Predict");
    }

    @Override
    public void onPredictBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run, batch);
    }

    @Override
    public void onPredictEnd(Run run) {
        finishEvaluation(run);
    }

    private void startEvaluation(Run run, String title) {
        long total = 0;
        for (long batches : run.evaluationBatches()) {
            total = batches < 0 || total < 0 ? Task.UNKNOWN : total + batches;
        }
        long now = nanoClock.getAsLong();
        evaluation = new Task(title, total, 0, now);
        show(evaluation, run, now);
    }

    private void evaluated(Run run, Batch batch) {
        long now = nanoClock.getAsLong();
        Task task = evaluation;
        if (task == null) {
            return;
        }
        task.batchesDone(task.done() + 1, now);
        task.addSamples(batch.getSize());
        if (now - nextUpdate >= 0) {
            update(task, run, now);
        }
    }

    private void finishEvaluation(Run run) {
        if (evaluation != null) {
            display.finish(evaluation, run, nanoClock.getAsLong());
            evaluation = null;
        }
    }

    @Override
    public void onException(Run run, Throwable failure) {
        training = null;
        evaluation = null;
        display.leave();
    }

    @Override
    public void teardown(Run run, Stage stage) {
        display.leave();
    }

    private void show(Task task, Run run, long now) {
        display.show(task, run, now);
        nextUpdate = now + display.interval();
    }

    private void update(Task task, Run run, long now) {
        display.update(task, run, now);
        nextUpdate = now + display.interval();
    }

    private static String epochTitle(Run run) {
        long epoch = run.epoch() + 1;
        return run.maxEpochs() < 0 ? "Epoch " + epoch : "Epoch " + epoch + "/" + run.maxEpochs();
    }
}
