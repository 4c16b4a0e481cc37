package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import java.util.Locale;

/** The whole training: its steps so far, and the time that is left at the pace of this start, validations included. */
final class Whole {
    private final long start;
    private final long firstStep;

    Whole(Run run, long now) {
        this.start = now;
        this.firstStep = run.globalStep();
    }

    /** How much is done, from 0 to 1; NaN where the end is not known. */
    double fraction(Run run) {
        long steps = run.estimatedSteps();
        return steps <= 0 ? Double.NaN : Math.min(1.0, (double) run.globalStep() / steps);
    }

    long elapsed(long now) {
        return now - start;
    }

    /** The time left; {@link Task#UNKNOWN} before the first steps and where the end is not known. */
    long remaining(Run run, long now) {
        long done = run.globalStep() - firstStep;
        long left = run.estimatedSteps() - run.globalStep();
        return done < 2 || left < 0 ? Task.UNKNOWN : (long) ((double) elapsed(now) / done * left);
    }

    /** Such as {@code 1,172/4,690 steps}. */
    String count(Run run) {
        long steps = run.estimatedSteps();
        String done = String.format(Locale.ROOT, "%,d", run.globalStep());
        if (steps <= 0) {
            return done + " steps";
        }
        String all = String.format(Locale.ROOT, "%,d", steps);
        return Text.right(done, all.length()) + "/" + all + " steps";
    }
}
