package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names of rows: each belongs to one place that logs it, and some to the loop. */
final class LoggedNames {
    private static final Set<String> OF_ROWS = Set.of("step", "epoch");
    private static final Set<String> OF_EPOCHS = Set.of("epoch_time", "samples_per_second", "data_time");

    private final Map<String, Logged> owners = new HashMap<>();

    /** Refuses names that a row has without anybody logging them. */
    static void requireFree(String call, Collection<String> names) {
        for (String name : names) {
            Require.name(name, "the name of a logged value");
            if (name.isBlank() || OF_ROWS.contains(name)) {
                throw new ConfigurationException(call + ": a metric needs a name other than " + new TreeSet<>(OF_ROWS)
                        + ", which every row has already.");
            }
            if (OF_EPOCHS.contains(name)) {
                throw new ConfigurationException(call + ": '" + name
                        + "' is measured by the loop itself, for each epoch's" + " row. Use another name.");
            }
        }
    }

    /**
     * Adds a value to a row. What a metric of several numbers calls them is known only here.
     *
     * @throws ConfigurationException if another value has that name
     */
    static void put(Map<String, Double> row, String name, double value) {
        if (row.put(name, value) != null) {
            throw new ConfigurationException("Two values are logged as '" + name
                    + "', one of them as a part of a metric that has several. Give the other one another name.");
        }
    }

    /**
     * Takes the names a place logs under.
     *
     * @return the places of an earlier start of the run that had some of them, and log there no more
     * @throws ConfigurationException if a place that logs now has one of them
     */
    Collection<Logged> claim(Logged claimant) {
        Set<Logged> gone = new LinkedHashSet<>();
        for (String name : claimant.entry().names()) {
            Logged owner = owners.get(name);
            if (owner != null && !owner.isAt(claimant)) {
                if (!owner.entry().isOfEarlierStart()) {
                    throw taken(claimant, name, owner);
                }
                gone.add(owner);
            }
        }
        owners.values().removeIf(owner -> gone.contains(owner) || owner.isAt(claimant));
        claimant.entry().names().forEach(name -> owners.put(name, claimant));
        return gone;
    }

    private static ConfigurationException taken(Logged claimant, String name, Logged owner) {
        return new ConfigurationException(
                "log('" + claimant.name() + "') in " + claimant.hook().label() + ": '" + name + "' comes from log('"
                        + owner.name() + "') in " + owner.hook().label()
                        + " already, and one of the two values would be lost. Use two names, such as 'train_"
                        + claimant.name() + "' and 'val_" + claimant.name() + "'.");
    }

    void clear() {
        owners.clear();
    }
}
