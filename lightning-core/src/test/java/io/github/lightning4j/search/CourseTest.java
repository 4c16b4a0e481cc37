package io.github.lightning4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.Mode;
import io.github.lightning4j.search.Course.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static List<Job> run(Course course, Rungs rungs, double... qualities) {
        List<Job> jobs = new ArrayList<>();
        for (Job job = course.next(); job != null; job = course.next()) {
            jobs.add(job);
            course.done(job, new Stint(rungs.epochs().get(job.rung()), qualities[job.trial()], Map.of(), ""));
        }
        return jobs;
    }

    @Test
    void rungs_areMultipliedUpToTheMost() {
        assertThat(Rungs.halving(1, 9, 3).epochs()).containsExactly(1L, 3L, 9L);
        assertThat(Rungs.halving(2, 10, 2).epochs()).containsExactly(2L, 4L, 8L, 10L);
        assertThat(Rungs.single(5).epochs()).containsExactly(5L);
    }

    @Test
    void withoutRungs_trialsComeOneAfterTheOther() {
        Rungs rungs = Rungs.single(4);
        Course course = new Course(3, rungs, Mode.MAX);

        assertThat(run(course, rungs, 1, 3, 2)).containsExactly(new Job(0, 0), new Job(1, 0), new Job(2, 0));
        assertThat(course.ranking()).containsExactly(1, 2, 0);
    }

    /** The order of the paper's algorithm with one worker, by hand: after the third trial the best of three goes on, and so on. */
    @Test
    void theBestOfARung_goOnAsSoonAsThereAreEnough() {
        Rungs rungs = Rungs.halving(1, 9, 3);
        Course course = new Course(9, rungs, Mode.MIN);

        List<Job> jobs = run(course, rungs, 0.5, 0.9, 0.4, 0.3, 0.8, 0.2, 0.7, 0.6, 0.1);

        assertThat(jobs)
                .containsExactly(
                        new Job(0, 0),
                        new Job(1, 0),
                        new Job(2, 0),
                        new Job(2, 1),
                        new Job(3, 0),
                        new Job(3, 1),
                        new Job(4, 0),
                        new Job(5, 0),
                        new Job(5, 1),
                        new Job(5, 2),
                        new Job(6, 0),
                        new Job(7, 0),
                        new Job(8, 0),
                        new Job(8, 1),
                        new Job(8, 2));
        assertThat(course.ranking()).startsWith(8, 5, 3, 2).endsWith(1);
    }

    @Test
    void aTrialWithoutANumber_isWorstAndNeverGoesOn() {
        Rungs rungs = Rungs.halving(1, 4, 2);
        Course course = new Course(3, rungs, Mode.MAX);

        List<Job> jobs = run(course, rungs, Double.NaN, Double.NaN, 0.1);

        assertThat(jobs).containsExactly(new Job(0, 0), new Job(1, 0), new Job(2, 0), new Job(2, 1));
        assertThat(course.ranking()).containsExactly(2, 0, 1);
    }
}
