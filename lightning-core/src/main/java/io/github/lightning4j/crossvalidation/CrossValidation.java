package io.github.lightning4j.crossvalidation;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.data.Fold;
import io.github.lightning4j.data.KFold;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.PredictResult;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges how a module learns from a dataset: in every fold a new module is trained on the other folds and judged by the
 * samples held out.
 *
 * <pre>{@code
 * CrossValidation validation = CrossValidation.builder(
 *                 KFold.stratified(5).shuffled(1), dataset, fold -> new LitIris(), fold -> Trainer.builder().maxEpochs(20))
 *         .batchSize(32)
 *         .build();
 * try (CrossValidationResult result = validation.run()) {
 *     System.out.println(result.table());
 *     double accuracy = result.mean("val_acc");
 * }
 * }</pre>
 *
 * <p>A run of it writes {@code fold-0}, {@code fold-1} and so on, run directories like any other, into its directory. One that
 * is given a {@code directory} and was killed or interrupted goes on when it is run again: folds that are done are not trained
 * again, the one that was being trained goes on from its checkpoint, and the result is bit for bit what it would have been.
 *
 * <p>The samples held out are also what each fit validates on. If something is chosen by that validation, such as when to stop
 * or which checkpoint is best, the mean is a little too good; hold samples back that no fold sees to know more.
 */
public final class CrossValidation {
    private static final Logger LOG = LoggerFactory.getLogger(CrossValidation.class);

    private final KFold kFold;
    private final RandomAccessDataset dataset;
    private final Function<Fold, ? extends LightningModule> module;
    private final Function<Fold, Trainer.Builder> trainer;
    private final Function<Fold, DataLoaders> loaders;
    private final @Nullable Path directory;
    private final @Nullable Long seed;
    private final boolean best;
    private final boolean predict;

    private CrossValidation(Builder builder, Function<Fold, DataLoaders> loaders) {
        kFold = builder.kFold;
        dataset = builder.dataset;
        module = builder.module;
        trainer = builder.trainer;
        this.loaders = loaders;
        directory = builder.directory;
        seed = builder.seed;
        best = builder.best;
        predict = builder.predict;
    }

    /**
     * Starts a cross-validation.
     *
     * @param kFold how the dataset is divided
     * @param dataset the samples
     * @param module makes a new module for each fold; it is closed when the fold is done
     * @param trainer says how each fold is trained, with new callbacks and loggers each time; {@code seed}, {@code
     *     runDirectory} and {@code autoResume} are set here
     * @return a builder, which needs a batch size or loaders
     */
    public static Builder builder(
            KFold kFold,
            RandomAccessDataset dataset,
            Function<Fold, ? extends LightningModule> module,
            Function<Fold, Trainer.Builder> trainer) {
        return new Builder(kFold, dataset, module, trainer);
    }

    /**
     * Trains and judges every fold, one after the other.
     *
     * @return the result, to be closed
     * @throws LightningException if a fit was interrupted; run again with the same directory to go on
     */
    public CrossValidationResult run() {
        List<Fold> folds = kFold.split(dataset);
        Path root = directory == null ? RunDirectory.next(Path.of(""), "cross_validation") : directory;
        Seeds seeds = FoldRecord.seeds(root, folds, seed);
        List<FoldResult> results = new ArrayList<>();
        try (OutOfFold predictions = new OutOfFold((int) dataset.size())) {
            for (Fold fold : folds) {
                LOG.info("{} of {}", fold, root);
                results.add(run(fold, seeds, root, predictions));
            }
            NDArray all = predict ? predictions.inOrder() : null;
            return new CrossValidationResult(root, seeds.seed(), results, all);
        }
    }

    private FoldResult run(Fold fold, Seeds seeds, Path root, OutOfFold predictions) {
        long seedOfFold = seeds.of(Seeds.Purpose.FOLD, fold.index(), 0);
        Path folder = root.resolve("fold-" + fold.index());
        DataLoaders data = Require.given(loaders.apply(fold), "what the loaders of fold " + fold.index() + " are");
        try (LightningModule fresh = Require.given(module.apply(fold), "the module of fold " + fold.index())) {
            FitResult fit = trainerOf(fold, seedOfFold)
                    .runDirectory(folder)
                    .autoResume(true)
                    .build()
                    .fit(fresh, data.train(), data.val());
            requireFinished(fold, fit);
            if (best) {
                takeBest(fresh, fit);
            }
            Trainer judge = trainerOf(fold, seedOfFold)
                    .loggers()
                    .enableProgressBar(false)
                    .build();
            FoldResult result = new FoldResult(fold.index(), Map.copyOf(judge.validate(fresh, data.val())), fit);
            if (predict) {
                predict(fold, judge, fresh, data.val(), predictions);
            }
            return result;
        }
    }

    private Trainer.Builder trainerOf(Fold fold, long seedOfFold) {
        return Require.given(trainer.apply(fold), "the Trainer.Builder of fold " + fold.index())
                .seed(seedOfFold);
    }

    private static void requireFinished(Fold fold, FitResult fit) {
        if (fit.resumeFrom() != null || Thread.currentThread().isInterrupted()) {
            throw new LightningException("The cross-validation was interrupted in fold " + fold.index() + " after "
                    + fit.epochs() + " epochs (" + fit.stopReason()
                    + "). Run it again with the same directory to go on.");
        }
    }

    private static void takeBest(LightningModule module, FitResult fit) {
        Path file = fit.bestCheckpoint();
        if (file == null) {
            throw new ConfigurationException(
                    "There is no best checkpoint in " + fit.runDirectory()
                            + ". Give the Trainer a ModelCheckpoint that monitors a metric, or leave out bestCheckpoint(true).");
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.restoreInto(module);
        }
    }

    private static void predict(
            Fold fold, Trainer judge, LightningModule module, DataLoader val, OutOfFold predictions) {
        if (val.shuffles().orElse(false)) {
            throw new ConfigurationException(
                    "The validation loader of fold " + fold.index() + " shuffles, so which sample"
                            + " a prediction is of is not known. Leave shuffle(true) out, or call predict(false).");
        }
        try (PredictResult predicted = judge.predict(module, val)) {
            predictions.add(fold, predicted);
        }
    }

    /** Settings of a cross-validation, made by {@link CrossValidation#builder}. */
    public static final class Builder {
        private final KFold kFold;
        private final RandomAccessDataset dataset;
        private final Function<Fold, ? extends LightningModule> module;
        private final Function<Fold, Trainer.Builder> trainer;
        private @Nullable Function<Fold, DataLoaders> loaders;
        private @Nullable Path directory;
        private @Nullable Long seed;
        private boolean best;
        private boolean predict = true;

        private Builder(
                KFold kFold,
                RandomAccessDataset dataset,
                Function<Fold, ? extends LightningModule> module,
                Function<Fold, Trainer.Builder> trainer) {
            this.kFold = Require.given(kFold, "the KFold");
            this.dataset = Require.given(dataset, "the dataset of a cross-validation");
            this.module = Require.given(module, "what makes the modules of a cross-validation");
            this.trainer = Require.given(trainer, "what makes the Trainers of a cross-validation");
        }

        /**
         * The usual loaders of this batch size, as {@link DataLoaders#of} makes them.
         *
         * @param batchSize the number of samples in a training batch, at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder batchSize(int batchSize) {
            Require.atLeast(1, batchSize, "batchSize");
            return loaders(fold -> DataLoaders.of(fold.train(), fold.val(), batchSize));
        }

        /**
         * The loaders of each fold. What is learned from data before it reaches the module, such as the mean to subtract, is
         * to be learned from {@code fold.train()} here.
         *
         * @param loaders makes them; the one for validation must not shuffle
         * @return this
         */
        public Builder loaders(Function<Fold, DataLoaders> loaders) {
            this.loaders = Require.given(loaders, "what makes the loaders of a cross-validation");
            return this;
        }

        /**
         * Where to write, and what to go on with.
         *
         * @param directory a directory that is new or holds an earlier start of this cross-validation; by default the next
         *     {@code cross_validation/n}
         * @return this
         */
        public Builder directory(Path directory) {
            this.directory = Require.given(directory, "the directory of a cross-validation");
            return this;
        }

        /**
         * What everything random derives from; each fold has a seed of its own.
         *
         * @param seed any number; by default drawn, or that of the earlier start
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Whether each fold is judged by its best checkpoint, as {@code FitResult.bestCheckpoint} names it.
         *
         * @param enabled false by default: by the module at the end of its fit
         * @return this
         */
        public Builder bestCheckpoint(boolean enabled) {
            best = enabled;
            return this;
        }

        /**
         * Whether each fold predicts the samples held out.
         *
         * @param enabled true by default
         * @return this
         */
        public Builder predict(boolean enabled) {
            predict = enabled;
            return this;
        }

        /**
         * Builds the cross-validation.
         *
         * @return the cross-validation; {@link CrossValidation#run} starts it
         * @throws ConfigurationException if there is neither a batch size nor loaders
         */
        public CrossValidation build() {
            if (loaders == null) {
                throw new ConfigurationException(
                        "A cross-validation needs a batchSize, or loaders(fold -> DataLoaders.of(...)).");
            }
            return new CrossValidation(this, loaders);
        }
    }
}
