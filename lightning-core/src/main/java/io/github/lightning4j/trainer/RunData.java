package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.Sources;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.trainer.internal.run.Ends;
import io.github.lightning4j.trainer.internal.run.Failures;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a run's batches come from: loaders given one by one, or a data module. */
final class RunData {
    private final @Nullable LightningDataModule module;
    private final @Nullable Iterable<Batch> train;
    private final List<? extends Iterable<Batch>> loaders;

    private RunData(
            @Nullable LightningDataModule module,
            @Nullable Iterable<Batch> train,
            List<? extends Iterable<Batch>> loaders) {
        this.module = module;
        this.train = train;
        this.loaders = loaders;
    }

    static RunData of(LightningDataModule module) {
        return new RunData(Require.given(module, "the data module"), null, List.of());
    }

    static RunData of(Iterable<Batch> train, List<? extends Iterable<Batch>> vals) {
        return new RunData(null, train, Require.allGiven(vals, "the validation loaders"));
    }

    static List<Iterable<Batch>> one(@Nullable Iterable<Batch> loader) {
        if (loader == null) {
            throw new ConfigurationException(
                    "The validation batches are null; give a DataLoader, or use the overload without them.");
        }
        return List.of(loader);
    }

    static RunData evaluation(Iterable<Batch>[] loaders) {
        return new RunData(null, null, Require.allGiven(loaders, "the loaders"));
    }

    @Nullable
    LightningDataModule module() {
        return module;
    }

    /** Prepares the data of the data module and of the module itself, sets the data module up, and registers its end. */
    void begin(LightningModule trained, Stage stage, Ends ends) {
        LightningDataModule source = module;
        if (source != null) {
            ends.atEnd(() -> source.teardown(stage));
            ends.onFailure(source::onException);
            checked(trained, source, "prepareData", source::prepareData);
        }
        checked(trained, trained, "prepareData", trained::prepareData);
        if (source != null) {
            checked(trained, source, "setup", () -> source.setup(stage));
        }
    }

    /** Shows the run to the data module, before its loaders are asked for. */
    void show(Run run) {
        if (module != null) {
            module.onRunStart(run);
        }
    }

    /** What the loggers are told: the module's hyperparameters, then the data module's with {@code data/} before their names. */
    Map<String, Object> hyperparameters(LightningModule trained) {
        Map<String, Object> all = new LinkedHashMap<>(trained.hyperparameters());
        if (module != null) {
            module.hyperparameters().forEach((name, value) -> all.put("data/" + name, value));
        }
        return Collections.unmodifiableMap(all);
    }

    private static void checked(LightningModule trained, Object owner, String hook, Failures.Action action) {
        try (MemoryScope scope = MemoryScope.open()) {
            action.run();
            scope.spareArraysOfOthers(trained.getParameters().values());
        } catch (Exception e) {
            throw Failures.unchecked(e, hook + " of " + ClassName.of(owner) + " failed");
        }
    }

    BatchSource train() {
        Iterable<Batch> source = module == null ? train : module.trainDataLoader();
        if (source == null) {
            throw new ConfigurationException(
                    module == null
                            ? "There are no training batches: pass a DataLoader to fit."
                            : ClassName.of(module) + ".trainDataLoader returned none. Override it.");
        }
        return Sources.of(source);
    }

    List<BatchSource> validation() {
        return sources(
                module == null ? loaders : Require.allGiven(module.valDataLoaders(), from(module, "valDataLoaders")));
    }

    private static String from(LightningDataModule module, String method) {
        return "what " + method + " of " + ClassName.of(module) + " returned";
    }

    private static List<BatchSource> sources(List<? extends Iterable<Batch>> loaders) {
        return loaders.stream().map(Sources::of).toList();
    }

    /** The loaders of a standalone stage. */
    List<BatchSource> evaluation(Stage stage) {
        List<? extends Iterable<Batch>> found = module == null
                ? loaders
                : switch (stage) {
                    case TEST -> Require.allGiven(module.testDataLoaders(), from(module, "testDataLoaders"));
                    case PREDICT -> Require.allGiven(module.predictDataLoaders(), from(module, "predictDataLoaders"));
                    default -> Require.allGiven(module.valDataLoaders(), from(module, "valDataLoaders"));
                };
        if (found.isEmpty()) {
            throw new ConfigurationException("There are no batches to "
                    + stage.name().toLowerCase(java.util.Locale.ROOT)
                    + ": pass at least one DataLoader"
                    + (module == null ? "." : ", or override its method in " + ClassName.of(module) + "."));
        }
        return sources(found);
    }
}
