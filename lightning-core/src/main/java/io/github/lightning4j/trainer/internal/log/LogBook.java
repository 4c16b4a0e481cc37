package io.github.lightning4j.trainer.internal.log;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.HookWatcher;
import io.github.lightning4j.trainer.internal.hook.LogPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything logged: by hook, by name and, where there are several evaluation loaders, by loader. A value logged again
 * costs a map lookup, a reference check and a field store; rows are made when they are due.
 */
public final class LogBook implements HookWatcher, Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(LogBook.class);

    private final Map<Hook, List<Map<String, LogEntry>>> index = new EnumMap<>(Hook.class);
    private final List<Logged> order = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals();
    private final MetricPlaces places = new MetricPlaces();
    private final LoggedNames names = new LoggedNames();
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final Map<String, Double> progressBar = new LinkedHashMap<>();
    private final Map<String, MetricValue> figures = new LinkedHashMap<>();
    private final boolean readLater;
    private final Supplier<Map<String, Metric>> registered;

    private Hook hook = Hook.NONE;
    /** The entries of the hook that runs, once they were asked for. */
    private @Nullable Map<String, LogEntry> current;

    private int batchSize = 1;
    private int loader;
    private int loaders = 1;
    private long tick;
    private boolean evaluationSteps;
    private boolean silent;

    /**
     * Creates a book.
     *
     * @param readLater whether values stay on the device until they are needed
     */
    public LogBook(boolean readLater, Supplier<Map<String, Metric>> registered) {
        this.readLater = readLater;
        this.registered = registered;
    }

    @Override
    public void inside(Hook next) {
        hook = next;
        current = null;
    }

    /** Says which of how many evaluation loaders is being read. */
    public void enterLoader(int loaderIndex, int loaderCount) {
        loader = loaderIndex;
        loaders = loaderCount;
        current = null;
    }

    /** A new batch starts; values logged from now on stand for so many samples. */
    public void startBatch(int samples) {
        batchSize = Math.max(1, samples);
        tick++;
    }

    public void log(String name, NDArray value, LogOptions options) {
        requireValue(name, value, options);
        if (!silent) {
            entry(name, options).add(value, weight(options));
        }
    }

    public void log(String name, double value, LogOptions options) {
        requireValue(name, this, options);
        if (!silent) {
            entry(name, options).add(value, weight(options));
        }
    }

    public void log(String name, Metric value, LogOptions options) {
        requireValue(name, value, options);
        if (silent) {
            return;
        }
        LogEntry entry = entry(name, options);
        if (!entry.holds(value)) {
            places.claim(value, hook, loaders > 1 ? loader : MetricPlaces.ALL_LOADERS, name);
            entry.add(value, registered);
        }
        entry.renew();
    }

    /** Hears nothing until the silence is closed, and keeps the metrics as they are. */
    public Silence silence() {
        silent = true;
        return new Silence(registered.get().values(), () -> silent = false);
    }

    /** Whether nothing is to be logged. */
    public boolean isSilent() {
        return silent;
    }

    private static void requireValue(@Nullable String name, @Nullable Object value, @Nullable LogOptions options) {
        if (name == null || value == null || options == null) {
            String what = name == null ? "the name" : value == null ? "the value" : "LogOptions";
            throw new ConfigurationException(
                    "log('" + name + "'): " + what + " is null. Give it, or leave the call out.");
        }
    }

    /** What is logged once an epoch stands for itself, whatever batch came before. */
    private int weight(LogOptions options) {
        if (options.batchSize() > 0) {
            return options.batchSize();
        }
        return hook.policy() == LogPolicy.EPOCH_ONLY ? 1 : batchSize;
    }

    private LogEntry entry(String name, LogOptions options) {
        Map<String, LogEntry> known = current;
        if (known == null) {
            known = entriesOf(hook, hook.isEvaluation() ? loader : 0);
            current = known;
        }
        LogEntry entry = known.get(name);
        if (entry == null) {
            entry = register(name, options);
            known.put(name, entry);
        } else if (entry.options() != options && !entry.options().equals(options)) {
            entry = replace(name, entry, options);
            known.put(name, entry);
        }
        entry.touch(tick);
        return entry;
    }

    /** The program may say otherwise than at an earlier start of the run, but not from one batch to the next. */
    private LogEntry replace(String name, LogEntry before, LogOptions options) {
        if (!before.isOfEarlierStart()) {
            throw new ConfigurationException(
                    "log('" + name + "') in " + hook.label() + " was given other options than before: " + options
                            + " after " + before.options() + ". Use the same options, or another name.");
        }
        LOG.info("'{}' in {} is logged with other options than before: {}", name, hook.label(), options);
        order.removeIf(logged -> logged.entry() == before);
        return register(name, options);
    }

    private LogEntry register(String name, LogOptions options) {
        hook.requireLogging("log('" + name + "')");
        LoggedNames.requireFree("log('" + name + "')", List.of(name));
        boolean onStep = options.isOnStep(hook.policy() == LogPolicy.PER_STEP);
        boolean onEpoch = options.isOnEpoch(hook.policy() != LogPolicy.PER_STEP);
        if (onStep && hook.policy() == LogPolicy.EPOCH_ONLY) {
            throw new ConfigurationException("log('" + name + "') with onStep in " + hook.label()
                    + ", which happens once an epoch. Leave onStep out.");
        }
        if (!onStep && !onEpoch) {
            throw new ConfigurationException(
                    "log('" + name + "') with both onStep and onEpoch off logs nothing. Turn one on.");
        }
        boolean suffix = loaders > 1 && hook.policy() == LogPolicy.PER_EPOCH;
        String place = suffix ? "/dataloader_idx_" + loader : "";
        LogEntry entry = new LogEntry(name, place, options, onStep, onEpoch, readLater);
        Logged logged = new Logged(hook, hook.isEvaluation() ? loader : 0, loaders, name, entry);
        names.claim(logged).forEach(this::forget);
        evaluationSteps |= onStep && hook.isEvaluation();
        order.add(logged);
        return entry;
    }

    private void forget(Logged gone) {
        order.remove(gone);
        entriesOf(gone.hook(), gone.loader()).remove(gone.name(), gone.entry());
    }

    private Map<String, LogEntry> entriesOf(Hook wanted, int loaderIndex) {
        List<Map<String, LogEntry>> byLoader = index.computeIfAbsent(wanted, each -> new ArrayList<>());
        while (byLoader.size() <= loaderIndex) {
            byLoader.add(new HashMap<>());
        }
        return byLoader.get(loaderIndex);
    }

    /** Whether some evaluation hook logs the values of single steps. */
    public boolean hasEvaluationSteps() {
        return evaluationSteps;
    }

    /** The values logged on this batch, for the loggers. */
    public Map<String, Double> stepRow() {
        publishSteps();
        Map<String, Double> row = new LinkedHashMap<>();
        for (Logged each : order) {
            LogEntry entry = each.entry();
            if (entry.isOnStep() && entry.tick() == tick && entry.options().isToLogger()) {
                entry.show((stepName, plainName, value) -> LoggedNames.put(row, stepName, value));
            }
        }
        return row;
    }

    /** Reduces what was logged in the training hooks, or in the evaluation hooks, and returns the loggers' row. */
    public Map<String, Double> epochRow(boolean evaluation) {
        try (MemoryScope scope = MemoryScope.open()) {
            return reduce(evaluation);
        }
    }

    private Map<String, Double> reduce(boolean evaluation) {
        publishSteps();
        Map<String, Double> row = new LinkedHashMap<>();
        for (Logged each : order) {
            LogEntry entry = each.entry();
            if (each.hook().isEvaluation() == evaluation && entry.hasEpochValue()) {
                boolean arrives = entry.takeArrival();
                entry.forEachEpochValue(
                        (epochName, plainName, value) -> {
                            publish(entry, epochName, plainName, value);
                            if (arrives) {
                                countArrival(entry, epochName, plainName);
                            }
                            if (entry.options().isToLogger()) {
                                LoggedNames.put(row, epochName, value);
                            }
                        },
                        (name, figure) -> {
                            if (arrives && entry.options().isToLogger()) {
                                figures.put(name, figure);
                            }
                        });
            }
        }
        return row;
    }

    /** What metrics computed at the end of the epoch, or of the evaluation, that is no number; it is given once. */
    Map<String, MetricValue> takeFigures() {
        Map<String, MetricValue> taken = new LinkedHashMap<>(figures);
        figures.clear();
        return taken;
    }

    private void countArrival(LogEntry entry, String epochName, String plainName) {
        arrivals.count(epochName);
        if (entry.isOnStep()) {
            arrivals.count(plainName);
        }
    }

    /** What was logged of single steps of the training, and has been in no row of the epoch, as it was last. */
    public Map<String, Double> unshownSteps() {
        publishSteps();
        Map<String, Double> row = new LinkedHashMap<>();
        for (Logged each : order) {
            LogEntry entry = each.entry();
            if (!each.hook().isEvaluation()
                    && entry.isUnshown()
                    && entry.options().isToLogger()) {
                entry.show((stepName, plainName, value) -> LoggedNames.put(row, stepName, value));
            }
        }
        return row;
    }

    /** Starts a new epoch of the training hooks, or of the evaluation hooks. */
    public void startEpoch(boolean evaluation) {
        for (Logged each : order) {
            if (each.hook().isEvaluation() == evaluation) {
                each.entry().reset();
            }
        }
    }

    /** An evaluation begins: what it logs starts anew. */
    public void startEvaluation() {
        startEpoch(true);
        places.evaluationStarts(registered.get().values());
    }

    /** An evaluation is over: what it logged is forgotten. */
    public void endEvaluation() {
        startEpoch(true);
        places.evaluationEnds();
    }

    /** Starts the first epoch of a fit, which what was logged where the training started belongs to. */
    public void startFirstEpoch() {
        for (Logged each : order) {
            if (!each.hook().isEvaluation() && each.hook() != Hook.ON_TRAIN_START) {
                each.entry().reset();
            }
        }
    }

    /** Forgets everything, as after the sanity check. */
    public void clear() {
        order.forEach(each -> each.entry().reset());
        order.clear();
        places.clear();
        index.values().forEach(byLoader -> byLoader.forEach(Map::clear));
        metrics.clear();
        progressBar.clear();
        arrivals.clear();
    }

    /** How many values have come under a name; it does not depend on how often anybody has looked. */
    public long arrivals(String name) {
        long count = arrivals.of(name);
        for (Logged each : order) {
            count += each.entry().stepsUnder(name);
        }
        return count;
    }

    public Map<String, Double> metrics() {
        publishSteps();
        return new LinkedHashMap<>(metrics);
    }

    public Map<String, Double> progressBarMetrics() {
        publishSteps();
        return new LinkedHashMap<>(progressBar);
    }

    /** Makes values known that a callback hands over as they are. */
    public void publish(Map<String, Double> values) {
        Require.given(values, "the row of logNow")
                .forEach((name, value) -> requireValue(name, value, LogOptions.defaults()));
        LoggedNames.requireFree("logNow", values.keySet());
        metrics.putAll(values);
        values.keySet().forEach(arrivals::count);
    }

    private void publishSteps() {
        for (Logged each : order) {
            LogEntry entry = each.entry();
            if (entry.isOnStep() && entry.isFresh()) {
                entry.forEachStepValue((stepName, plainName, value) -> publish(entry, stepName, plainName, value));
                entry.published();
            }
        }
    }

    private void publish(LogEntry entry, String name, String plainName, double value) {
        metrics.put(name, value);
        metrics.put(plainName, value);
        if (entry.options().isOnProgressBar()) {
            progressBar.put(name, value);
        }
    }

    @Override
    public void save(StateWriter state) {
        saveValues(state.child("metrics"), metrics());
        saveValues(state.child("progress_bar"), progressBar);
        arrivals.save(state.child("arrivals"));
        StateWriter entries = state.child("entries");
        for (int i = 0; i < order.size(); i++) {
            Logged each = order.get(i);
            StateWriter entry = entries.child(Integer.toString(i));
            entry.putString("hook", each.hook().savedName());
            entry.putLong("loader", each.loader());
            entry.putLong("loaders", each.loaders());
            entry.putString("name", each.name());
            SavedLogOptions.save(each.entry().options(), entry);
            each.entry().save(entry);
        }
    }

    @Override
    public void load(StateReader state) {
        clear();
        names.clear();
        StateReader entries = state.child("entries");
        for (int i = 0; entries.has(Integer.toString(i)); i++) {
            StateReader entry = entries.child(Integer.toString(i));
            enterLoader(entry.getInt("loader", 0), entry.getInt("loaders", 0));
            inside(savedHook(entry));
            entry(entry.getString("name"), SavedLogOptions.load(entry)).load(entry, registered.get());
        }
        enterLoader(0, 1);
        inside(Hook.NONE);
        closeWhatIsLoggedOnce();
        loadValues(state.child("metrics"), metrics);
        loadValues(state.child("progress_bar"), progressBar);
        arrivals.clear();
        if (state.has("arrivals")) {
            arrivals.load(state.child("arrivals"));
        }
    }

    private static Hook savedHook(StateReader entry) {
        String name = entry.getString("hook");
        try {
            return Hook.saved(name);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    "The checkpoint's log speaks of '" + name
                            + "', which is no hook. A newer release may have written it.",
                    e);
        }
    }

    /** A resumed run calls the hook of its start again, but what was logged there is a part of one epoch only. */
    private void closeWhatIsLoggedOnce() {
        for (Logged each : order) {
            if (each.hook() == Hook.ON_TRAIN_START) {
                each.entry().close();
            }
        }
    }

    /** Writes named numbers in their order. */
    static void saveValues(StateWriter state, Map<String, Double> values) {
        state.putStrings("names", List.copyOf(values.keySet()));
        state.putDoubles(
                "values",
                values.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Reads what {@link #saveValues} wrote. */
    static void loadValues(StateReader state, Map<String, Double> values) {
        List<String> names = state.getStrings("names");
        double[] numbers = state.getDoubles("values");
        if (names.size() != numbers.length) {
            throw new CheckpointException("The checkpoint holds " + names.size() + " names for " + numbers.length
                    + " logged values. Use another checkpoint.");
        }
        for (int i = 0; i < numbers.length; i++) {
            values.put(names.get(i), numbers[i]);
        }
    }
}
