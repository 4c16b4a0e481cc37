package io.github.lightning4j.profiler;

import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Events for the JVM's flight recorder, in the category Lightning4j: {@code lightning4j.TrainingStep}, {@code
 * lightning4j.Evaluation}, {@code lightning4j.CheckpointSave} and {@code lightning4j.DataWait}, each with its epoch and step, so
 * that JDK Mission Control shows them beside garbage collections and threads. Without a recording they cost next to nothing. Data waits
 * below 0.1 ms are left out, unless a recording sets another threshold.
 *
 * <pre>{@code
 * java -XX:StartFlightRecording=filename=run.jfr ...
 * }</pre>
 */
public final class JfrProfiler implements Profiler {
    private final Deque<RunEvent> open = new ArrayDeque<>();
    private @Nullable Run run;

    /** Creates a profiler. */
    public JfrProfiler() {}

    @Override
    public void start(Run started) {
        run = started;
        open.clear();
    }

    @Override
    public void enter(Stage stage, String section) {
        RunEvent event = event(section);
        if (event != null) {
            event.begin();
            open.push(event);
        }
    }

    private static @Nullable RunEvent event(String section) {
        return switch (section) {
            case Section.TRAINING_BATCH -> new TrainingStep();
            case Section.EVALUATION -> new Evaluation();
            case Section.CHECKPOINT_SAVE -> new CheckpointSave();
            case Section.DATA_WAIT -> new DataWait();
            default -> null;
        };
    }

    private static boolean isRecorded(String section) {
        return switch (section) {
            case Section.TRAINING_BATCH, Section.EVALUATION, Section.CHECKPOINT_SAVE, Section.DATA_WAIT -> true;
            default -> false;
        };
    }

    @Override
    public void leave(Stage stage, String section) {
        if (!isRecorded(section)) {
            return;
        }
        RunEvent event = open.poll();
        while (event != null && !event.section.equals(section)) {
            event = open.poll();
        }
        if (event != null && event.shouldCommit()) {
            event.stage = stage.name().toLowerCase(Locale.ROOT);
            event.epoch = run == null ? 0 : run.epoch();
            event.step = run == null ? 0 : run.globalStep();
            event.commit();
        }
    }

    @Override
    public void finish() {
        open.clear();
        run = null;
    }

    /** What all events hold. */
    @StackTrace(false)
    @Category("Lightning4j")
    private abstract static class RunEvent extends Event {
        final transient String section;

        @Label("Stage")
        String stage = "";

        @Label("Epoch")
        long epoch;

        @Label("Step")
        long step;

        RunEvent(String section) {
            this.section = section;
        }
    }

    @Name("lightning4j.TrainingStep")
    @Label("Training Step")
    private static final class TrainingStep extends RunEvent {
        TrainingStep() {
            super(Section.TRAINING_BATCH);
        }
    }

    @Name("lightning4j.Evaluation")
    @Label("Evaluation")
    private static final class Evaluation extends RunEvent {
        Evaluation() {
            super(Section.EVALUATION);
        }
    }

    @Name("lightning4j.CheckpointSave")
    @Label("Checkpoint Save")
    private static final class CheckpointSave extends RunEvent {
        CheckpointSave() {
            super(Section.CHECKPOINT_SAVE);
        }
    }

    @Name("lightning4j.DataWait")
    @Label("Data Wait")
    @Threshold("100 us")
    private static final class DataWait extends RunEvent {
        DataWait() {
            super(Section.DATA_WAIT);
        }
    }
}
