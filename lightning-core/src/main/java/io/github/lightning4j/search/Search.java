package io.github.lightning4j.search;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for good hyperparameters: trains a module with one configuration after the other and ranks them by a metric.
 *
 * <pre>{@code
 * SearchResult<Config> result = Search.builder(space, LitMnist::new, config -> Trainer.builder().threads(1))
 *         .data(train, val)
 *         .monitor("val_loss", Mode.MIN)
 *         .random(16)
 *         .successiveHalving(1, 9, 3)
 *         .directory(Path.of("runs/search"))
 *         .seed(1)
 *         .build()
 *         .run();
 * System.out.println(result.table());
 * LitMnist best = result.bestModule(LitMnist::new);
 * }</pre>
 *
 * <p>Each trial is a run as any other, {@code trial-0}, {@code trial-1} and so on in the directory, with a seed of its own. A
 * trial that is paused by successive halving and goes on later ends bit for bit where it would have ended without the pause;
 * schedules see the length of the whole trial from the start. A search that was killed and is run again in its directory ends
 * with the same table and the same best weights.
 *
 * @param <C> a configuration
 */
public final class Search<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Search.class);

    private final Space<C> space;
    private final BiFunction<Space<C>, Seeds, List<Point>> sampler;
    private final String strategy;
    private final Rungs rungs;
    private final String monitor;
    private final Mode mode;
    private final TrialRunner<C> runner;
    private final @Nullable Path directory;
    private final @Nullable Long seed;

    private Search(Builder<C> builder, Rungs rungs, TrialRunner<C> runner) {
        space = builder.space;
        sampler = Require.given(builder.sampler, "the way of sampling");
        strategy = builder.strategy;
        this.rungs = rungs;
        monitor = builder.monitor;
        mode = builder.mode;
        this.runner = runner;
        directory = builder.directory;
        seed = builder.seed;
    }

    /**
     * Starts a search.
     *
     * @param space the configurations
     * @param module makes a new module of a configuration; it is closed when its trial is paused or done
     * @param trainer says how a configuration is trained, with new callbacks and loggers each time; {@code seed}, {@code
     *     maxEpochs}, {@code runDirectory} and {@code autoResume} are set here
     * @param <C> a configuration
     * @return a builder, which needs data, a monitor, {@code random} or {@code grid}, and {@code epochs} or {@code
     *     successiveHalving}
     */
    public static <C> Builder<C> builder(
            Space<C> space,
            Function<? super C, ? extends LightningModule> module,
            Function<? super C, Trainer.Builder> trainer) {
        return new Builder<>(space, module, trainer);
    }

    /**
     * Runs all trials, one at a time, or those that an earlier start has left.
     *
     * @return the ranking
     * @throws io.github.lightning4j.LightningException if a trial was interrupted; run again with the same directory to go on
     */
    public SearchResult<C> run() {
        Path root = directory == null ? RunDirectory.next(Path.of(""), "search") : directory;
        Seeds seeds = seed == null ? new Seeds(Journal.seed(root, Seeds.draw().seed())) : new Seeds(seed);
        List<Point> points = sampler.apply(space, seeds);
        Course course = new Course(points.size(), rungs, mode);
        Journal journal = new Journal(root, plan(seeds));
        List<List<Stint>> done = journal.load(points);
        for (Course.Job job = course.next(); job != null; job = course.next()) {
            int trial = job.trial();
            boolean known = trial < done.size() && done.get(trial).size() > job.rung();
            course.done(job, known ? done.get(trial).get(job.rung()) : train(root, seeds, points.get(trial), job));
            if (!known) {
                journal.save(points, course);
            }
        }
        SearchResult<C> result = result(root, seeds, points, course);
        TrialTable.write(root.resolve("trials.csv"), monitor, result.trials());
        return result;
    }

    private Map<String, Object> plan(Seeds seeds) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("seed", seeds.seed());
        plan.put("space", space.toString());
        plan.put("strategy", strategy);
        plan.put("epochs", rungs.epochs());
        plan.put("eta", (long) rungs.eta());
        plan.put("monitor", monitor);
        plan.put("mode", mode.name());
        return plan;
    }

    private Stint train(Path root, Seeds seeds, Point point, Course.Job job) {
        LOG.info(
                "trial {} {} up to epoch {}", job.trial(), point, rungs.epochs().get(job.rung()));
        Stint stint = runner.run(space.config(point), seed(seeds, job.trial()), folder(root, job.trial()), job);
        LOG.info("trial {} came to {} {}", job.trial(), monitor, stint.value());
        return stint;
    }

    private static long seed(Seeds seeds, int trial) {
        return seeds.of(Seeds.Purpose.TRIAL, trial, 0);
    }

    private static Path folder(Path root, int trial) {
        return root.resolve("trial-" + trial);
    }

    private SearchResult<C> result(Path root, Seeds seeds, List<Point> points, Course course) {
        List<Trial<C>> ranking = new ArrayList<>();
        for (int trial : course.ranking()) {
            List<Stint> stints = course.stints(trial);
            Stint last = stints.get(stints.size() - 1);
            Point point = points.get(trial);
            ranking.add(new Trial<>(
                    trial,
                    space.config(point),
                    point.values(),
                    seed(seeds, trial),
                    last.epochs(),
                    last.value(),
                    last.metrics(),
                    folder(root, trial),
                    last.weightsSha256()));
        }
        return new SearchResult<>(monitor, root, seeds.seed(), ranking);
    }

    /**
     * Settings of a search, made by {@link Search#builder}.
     *
     * @param <C> a configuration
     */
    public static final class Builder<C> {
        private final Space<C> space;
        private final Function<? super C, ? extends LightningModule> module;
        private final Function<? super C, Trainer.Builder> trainer;
        private @Nullable Function<? super C, TrialRunner.Loaders> loaders;
        private @Nullable BiFunction<Space<C>, Seeds, List<Point>> sampler;
        private String strategy = "";
        private @Nullable Rungs rungs;
        private String monitor = "";
        private Mode mode = Mode.MIN;
        private @Nullable Path directory;
        private @Nullable Long seed;

        private Builder(
                Space<C> space,
                Function<? super C, ? extends LightningModule> module,
                Function<? super C, Trainer.Builder> trainer) {
            this.space = Require.given(space, "the space of a search");
            this.module = Require.given(module, "what makes the modules of a search");
            this.trainer = Require.given(trainer, "what makes the Trainers of a search");
        }

        /**
         * The same data for every trial.
         *
         * @param train the training batches
         * @param val the validation batches
         * @return this
         */
        public Builder<C> data(Iterable<Batch> train, Iterable<Batch> val) {
            TrialRunner.Loaders both = new TrialRunner.Loaders(
                    Require.given(train, "the training batches"), Require.given(val, "the validation batches"));
            loaders = config -> both;
            return this;
        }

        /**
         * The data of each configuration, where it decides on the batch size, say.
         *
         * @param data makes the loaders
         * @return this
         */
        public Builder<C> data(Function<? super C, DataLoaders> data) {
            Require.given(data, "what makes the loaders of a search");
            loaders = config -> {
                DataLoaders both = Require.given(data.apply(config), "the loaders of " + config);
                return new TrialRunner.Loaders(both.train(), both.val());
            };
            return this;
        }

        /**
         * What trials are ranked by.
         *
         * @param metric the name it is logged under
         * @param better which way it is better
         * @return this
         */
        public Builder<C> monitor(String metric, Mode better) {
            monitor = Require.given(metric, "monitor");
            mode = Require.given(better, "the mode of the monitor");
            return this;
        }

        /**
         * Tries configurations at random.
         *
         * @param trials how many, at least 1
         * @return this
         */
        public Builder<C> random(int trials) {
            Require.atLeast(1, trials, "random");
            strategy = trials + " random trials";
            sampler = (of, seeds) -> IntStream.range(0, trials)
                    .mapToObj(trial -> of.draw(seeds, trial))
                    .toList();
            return this;
        }

        /**
         * Tries every combination of values.
         *
         * @param points how many values of each range, evenly spread with both ends, those of {@code logUniform} on their
         *     logarithm; of a choice all are tried; at least 1
         * @return this
         */
        public Builder<C> grid(int points) {
            Require.atLeast(1, points, "grid");
            strategy = "grid of " + points;
            sampler = (of, seeds) -> of.grid(points);
            return this;
        }

        /**
         * Trains every trial as long.
         *
         * @param epochs how long, at least 1
         * @return this
         */
        public Builder<C> epochs(long epochs) {
            rungs = Rungs.single(Require.atLeast(1, epochs, "epochs"));
            return this;
        }

        /**
         * Trains most trials for a short time alone: asynchronous successive halving (Li et al. 2020, arXiv:1810.05934). A trial
         * pauses after {@code minEpochs}, after {@code eta} times as many, and so on; the best {@code 1/eta} of those that came
         * so far go on.
         *
         * @param minEpochs the epochs of every trial, at least 1
         * @param maxEpochs the epochs of the best, above {@code minEpochs}
         * @param eta at least 2; 3 and 4 are usual
         * @return this
         */
        public Builder<C> successiveHalving(long minEpochs, long maxEpochs, int eta) {
            Require.atLeast(1, minEpochs, "minEpochs");
            Require.atLeast(minEpochs + 1, maxEpochs, "maxEpochs", "it is above minEpochs");
            rungs = Rungs.halving(minEpochs, maxEpochs, Require.atLeast(2, eta, "eta"));
            return this;
        }

        /**
         * Where to write, and what to go on with.
         *
         * @param directory a directory that is new or holds an earlier start of this search; by default the next {@code
         *     search/n}
         * @return this
         */
        public Builder<C> directory(Path directory) {
            this.directory = Require.given(directory, "the directory of a search");
            return this;
        }

        /**
         * What everything random derives from: which configurations are tried, and the seed of each trial.
         *
         * @param seed any number; by default drawn, or that of the earlier start
         * @return this
         */
        public Builder<C> seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Builds the search.
         *
         * @return the search; {@link Search#run} starts it
         * @throws ConfigurationException if something it needs is missing
         */
        public Search<C> build() {
            if (loaders == null || monitor.isEmpty() || sampler == null || rungs == null) {
                throw new ConfigurationException("A search needs data(train, val), monitor(\"val_loss\", Mode.MIN),"
                        + " random(trials) or grid(points), and epochs(n) or successiveHalving(1, 9, 3).");
            }
            return new Search<>(this, rungs, new TrialRunner<>(module, trainer, loaders, monitor, rungs));
        }
    }
}
