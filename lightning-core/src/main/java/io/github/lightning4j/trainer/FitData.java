package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.trainer.internal.loop.Failures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a run's batches come from: loaders given one by one, or a data module. */
final class FitData {
    private final @Nullable LightningDataModule module;
    private final @Nullable Iterable<Batch> train;
    private final List<? extends Iterable<Batch>> loaders;

    private FitData(
            @Nullable LightningDataModule module,
            @Nullable Iterable<Batch> train,
            List<? extends Iterable<Batch>> loaders) {
        this.module = module;
        this.train = train;
        this.loaders = loaders;
    }

    static FitData of(LightningDataModule module) {
        return new FitData(module, null, List.of());
    }

    static FitData of(Iterable<Batch> train, List<? extends Iterable<Batch>> vals) {
        return new FitData(null, train, List.copyOf(vals));
    }

    static List<Iterable<Batch>> one(@Nullable Iterable<Batch> loader) {
        if (loader == null) {
            throw new ConfigurationException(
                    "The validation batches are null; give a DataLoader, or use the overload without them.");
        }
        return List.of(loader);
    }

    static FitData evaluation(List<? extends Iterable<Batch>> loaders) {
        return new FitData(null, null, loaders);
    }

    @Nullable
    LightningDataModule module() {
        return module;
    }

    /** Prepares the data of the data module and of the module itself, then sets the data module up. */
    void prepare(LightningModule trained, Stage stage) {
        LightningDataModule source = module;
        if (source != null) {
            checked(source, "prepareData", source::prepareData);
        }
        checked(trained, "prepareData", trained::prepareData);
        if (source != null) {
            checked(source, "setup", () -> source.setup(stage));
        }
    }

    private static void checked(Object owner, String hook, Failures.Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw Failures.unchecked(e, hook + " of " + owner.getClass().getSimpleName() + " failed");
        }
    }

    void onException(Throwable failure) {
        if (module != null) {
            module.onException(failure);
        }
    }

    void teardown(Stage stage) throws Exception {
        if (module != null) {
            module.teardown(stage);
        }
    }

    Iterable<Batch> train() {
        Iterable<Batch> source = module == null ? train : module.trainDataLoader();
        if (source == null) {
            throw new ConfigurationException(
                    module == null
                            ? "There are no training batches: pass a DataLoader to fit."
                            : module.getClass().getSimpleName() + ".trainDataLoader returned none. Override it.");
        }
        return source;
    }

    List<? extends Iterable<Batch>> validation() {
        return module == null ? loaders : module.valDataLoaders();
    }

    /** The loaders of a standalone stage. */
    List<? extends Iterable<Batch>> evaluation(Stage stage) {
        List<? extends Iterable<Batch>> found = module == null
                ? loaders
                : switch (stage) {
                    case TEST -> module.testDataLoaders();
                    case PREDICT -> module.predictDataLoaders();
                    default -> module.valDataLoaders();
                };
        if (found.isEmpty()) {
            throw new ConfigurationException("There are no batches to "
                    + stage.name().toLowerCase(java.util.Locale.ROOT)
                    + ": pass at least one DataLoader"
                    + (module == null
                            ? "."
                            : ", or override its method in " + module.getClass().getSimpleName() + "."));
        }
        return found;
    }
}
