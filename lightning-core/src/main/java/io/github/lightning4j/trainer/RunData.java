package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LoaderHooks;
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

/** Where a run's batches come from: loaders given one by one, a data module, or the module itself. */
final class RunData {
    private final @Nullable LightningDataModule module;
    private final @Nullable LoaderHooks hooks;
    private final @Nullable Iterable<Batch> train;
    private final List<? extends Iterable<Batch>> loaders;

    private RunData(
            @Nullable LightningDataModule module,
            @Nullable LoaderHooks hooks,
            @Nullable Iterable<Batch> train,
            List<? extends Iterable<Batch>> loaders) {
        this.module = module;
        this.hooks = hooks;
        this.train = train;
        this.loaders = loaders;
    }

    static RunData of(LightningDataModule module) {
        return new RunData(Require.given(module, "the data module"), module, null, List.of());
    }

    static RunData of(LightningModule module) {
        return new RunData(null, Require.given(module, "the module"), null, List.of());
    }

    static RunData of(Iterable<Batch> train, List<? extends Iterable<Batch>> vals) {
        return new RunData(null, null, train, Require.allGiven(vals, "the validation loaders"));
    }

    static List<Iterable<Batch>> one(@Nullable Iterable<Batch> loader) {
        if (loader == null) {
            throw new ConfigurationException(
                    "The validation batches are null; give a DataLoader, or use the overload without them.");
        }
        return List.of(loader);
    }

    /** Loaders that were given, or those of the module itself if there are none. */
    static RunData evaluation(LightningModule module, Iterable<Batch>[] loaders) {
        if (loaders != null && loaders.length == 0) {
            return of(module);
        }
        return new RunData(null, null, null, Require.allGiven(loaders, "the loaders"));
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

    /** Refuses loaders that were given, and so cannot be asked for. */
    void requireHooks() {
        if (hooks == null) {
            throw new ConfigurationException(
                    "reloadDataLoadersEveryNEpochs was given, but fit was given loaders, which cannot"
                            + " be asked for anew. Give it a data module, or let the module override trainDataLoader.");
        }
    }

    BatchSource train() {
        Iterable<Batch> source = hooks == null ? train : hooks.trainDataLoader();
        if (source == null) {
            throw new ConfigurationException(
                    hooks == null
                            ? "There are no training batches: pass a DataLoader to fit."
                            : ClassName.of(hooks)
                                    + ".trainDataLoader returned none. Override it, or pass a DataLoader to fit.");
        }
        return Sources.of(source);
    }

    List<BatchSource> validation() {
        return sources(
                hooks == null ? loaders : Require.allGiven(hooks.valDataLoaders(), from(hooks, "valDataLoaders")));
    }

    private static String from(LoaderHooks hooks, String method) {
        return "what " + method + " of " + ClassName.of(hooks) + " returned";
    }

    private static List<BatchSource> sources(List<? extends Iterable<Batch>> loaders) {
        return loaders.stream().map(Sources::of).toList();
    }

    /** The loaders of a standalone stage. */
    List<BatchSource> evaluation(Stage stage) {
        List<? extends Iterable<Batch>> found = hooks == null
                ? loaders
                : switch (stage) {
                    case TEST -> Require.allGiven(hooks.testDataLoaders(), from(hooks, "testDataLoaders"));
                    case PREDICT -> Require.allGiven(hooks.predictDataLoaders(), from(hooks, "predictDataLoaders"));
                    default -> Require.allGiven(hooks.valDataLoaders(), from(hooks, "valDataLoaders"));
                };
        if (found.isEmpty()) {
            throw new ConfigurationException("There are no batches to "
                    + stage.name().toLowerCase(java.util.Locale.ROOT)
                    + ": pass at least one DataLoader"
                    + (hooks == null ? "." : ", or override its method in " + ClassName.of(hooks) + "."));
        }
        return sources(found);
    }
}
