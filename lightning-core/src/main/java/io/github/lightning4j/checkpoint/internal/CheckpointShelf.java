package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.Mode;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoints are kept, oldest first; never changed, only replaced. With a monitored metric the best are kept: one
 * that is as good as another does not displace it, and NaN displaces nothing. Without one the newest are kept.
 *
 * @param kept the checkpoints kept
 * @param evicted those that gave way to the newest of them, to be deleted once it is in place
 */
public record CheckpointShelf(List<Entry> kept, List<String> evicted) {
    public static final CheckpointShelf EMPTY = new CheckpointShelf(List.of(), List.of());
    public static final int ALL = -1;

    /** Of how many kept without a limit a checkpoint knows, beside the best. */
    private static final int REMEMBERED = 100;

    /**
     * A checkpoint that was kept.
     *
     * @param path relative to the run directory if it is inside
     * @param score the monitored metric's value, or NaN without one
     */
    public record Entry(String path, double score) {}

    /**
     * What the shelf is like after a checkpoint was offered to it, whose name is still to be found.
     *
     * @param mode which way a score is better; null to go by age
     * @param room how many may be kept, or {@link #ALL}
     * @return the shelf without the new one and with those evicted for it; null if there is no place for it
     */
    public @Nullable CheckpointShelf makeRoom(double score, @Nullable Mode mode, int room) {
        if (room == 0) {
            return null;
        }
        List<Entry> rest = new ArrayList<>(kept);
        List<String> gone = new ArrayList<>();
        while (room != ALL && rest.size() >= room) {
            Entry worst = mode == null ? rest.get(0) : worst(rest, mode);
            if (mode != null && !isBetter(score, worst.score, mode)) {
                return null;
            }
            rest.remove(worst);
            gone.add(worst.path);
        }
        return new CheckpointShelf(List.copyOf(rest), List.copyOf(gone));
    }

    public CheckpointShelf with(String path, double score) {
        List<Entry> entries = new ArrayList<>(kept);
        entries.add(new Entry(path, score));
        List<String> gone = new ArrayList<>(evicted);
        gone.remove(path);
        return new CheckpointShelf(List.copyOf(entries), List.copyOf(gone));
    }

    public boolean holds(String path) {
        return kept.stream().anyMatch(entry -> entry.path.equals(path));
    }

    /** The best, or without a metric the newest; null if nothing is kept, or nothing but what was scored NaN. */
    public @Nullable Entry best(@Nullable Mode mode) {
        if (kept.isEmpty()) {
            return null;
        }
        Entry best = kept.get(mode == null ? kept.size() - 1 : 0);
        for (Entry entry : kept) {
            if (mode != null && isBetter(entry.score, best.score, mode)) {
                best = entry;
            }
        }
        return mode != null && Double.isNaN(best.score) ? null : best;
    }

    /** What a checkpoint is to hold: all of it, or of checkpoints that are kept without a limit the newest and the best. */
    public CheckpointShelf remembered(@Nullable Mode mode, int room) {
        int forgotten = kept.size() - REMEMBERED;
        if (room != ALL || forgotten <= 0) {
            return this;
        }
        Entry best = best(mode);
        List<Entry> rest = new ArrayList<>(kept.subList(forgotten, kept.size()));
        if (best != null && !rest.contains(best)) {
            rest.add(0, best);
        }
        return new CheckpointShelf(List.copyOf(rest), evicted);
    }

    private static Entry worst(List<Entry> entries, Mode mode) {
        Entry worst = entries.get(0);
        for (Entry entry : entries) {
            if (!isBetter(entry.score, worst.score, mode)) {
                worst = entry;
            }
        }
        return worst;
    }

    private static boolean isBetter(double score, double than, Mode mode) {
        return mode.isBetter(score, than, 0) || (Double.isNaN(than) && !Double.isNaN(score));
    }

    public void save(StateWriter state) {
        state.putStrings("kept", kept.stream().map(Entry::path).toList());
        state.putDoubles("scores", kept.stream().mapToDouble(Entry::score).toArray());
        state.putStrings("evicted", evicted);
    }

    public static CheckpointShelf load(StateReader state) {
        List<String> paths = state.getStrings("kept");
        double[] scores = state.getDoubles("scores");
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            entries.add(new Entry(paths.get(i), scores[i]));
        }
        return new CheckpointShelf(List.copyOf(entries), List.copyOf(state.getStrings("evicted")));
    }
}
