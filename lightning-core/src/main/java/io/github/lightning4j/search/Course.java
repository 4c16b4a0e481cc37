package io.github.lightning4j.search;

import io.github.lightning4j.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which trial is trained next: asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter
 * Tuning", MLSys, arXiv:1810.05934, algorithm 2) with one worker. From the top rung down, a trial that is among the best {@code
 * 1/eta} of its rung and was not promoted yet goes on to the next rung; if there is none, a new trial begins. What comes next
 * depends on the values so far and on nothing else.
 */
final class Course {
    private final Rungs rungs;
    private final Mode mode;
    private final List<List<Stint>> trials = new ArrayList<>();

    Course(int trials, Rungs rungs, Mode mode) {
        this.rungs = rungs;
        this.mode = mode;
        for (int i = 0; i < trials; i++) {
            this.trials.add(new ArrayList<>());
        }
    }

    /** A trial, and the rung to train it to. */
    record Job(int trial, int rung) {}

    /** What to do next, or null if all is done. */
    @Nullable
    Job next() {
        for (int rung = rungs.top() - 1; rung >= 0; rung--) {
            for (int trial : best(rung)) {
                if (trials.get(trial).size() == rung + 1) {
                    return new Job(trial, rung + 1);
                }
            }
        }
        return IntStream.range(0, trials.size())
                .filter(trial -> trials.get(trial).isEmpty())
                .mapToObj(trial -> new Job(trial, 0))
                .findFirst()
                .orElse(null);
    }

    /** Those of a rung that may go on; of equal ones the earlier first, and one whose value is NaN never. */
    private List<Integer> best(int rung) {
        List<Integer> reached = IntStream.range(0, trials.size())
                .filter(trial -> trials.get(trial).size() > rung)
                .boxed()
                .toList();
        return reached.stream()
                .filter(trial -> !Double.isNaN(value(trial, rung)))
                .sorted(Comparator.comparing(trial -> value(trial, rung), order()))
                .limit(reached.size() / rungs.eta())
                .toList();
    }

    private double value(int trial, int rung) {
        return trials.get(trial).get(rung).value();
    }

    private Comparator<Double> order() {
        return mode == Mode.MIN ? Comparator.naturalOrder() : Comparator.reverseOrder();
    }

    void done(Job job, Stint stint) {
        if (trials.get(job.trial()).size() != job.rung()) {
            throw new IllegalStateException(job + " is out of turn");
        }
        trials.get(job.trial()).add(stint);
    }

    List<Stint> stints(int trial) {
        return List.copyOf(trials.get(trial));
    }

    /** Trials from the best to the worst: those that came further first, since values at other rungs are not comparable. */
    List<Integer> ranking() {
        return IntStream.range(0, trials.size())
                .filter(trial -> !trials.get(trial).isEmpty())
                .boxed()
                .sorted(Comparator.comparing((Integer trial) -> Double.isNaN(last(trial)))
                        .thenComparing(trial -> -trials.get(trial).size())
                        .thenComparing(this::last, order()))
                .toList();
    }

    private double last(int trial) {
        return value(trial, trials.get(trial).size() - 1);
    }
}
