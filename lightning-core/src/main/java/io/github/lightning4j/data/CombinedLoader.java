package io.github.lightning4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.internal.CombinedCursor;
import io.github.lightning4j.data.internal.CombinedLength;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Several loaders as one, for a training that takes a batch of each: its batches are {@code CombinedBatch}es, by the names
 * given here.
 *
 * <pre>{@code
 * CombinedLoader train = CombinedLoader.builder()
 *         .loader("labelled", labelled)
 *         .loader("unlabelled", unlabelled)
 *         .build();
 * }</pre>
 *
 * <p>Each loader shuffles by itself; the first gives what it would give alone, and a loader that begins again within an epoch
 * has a new order then. A run resumed within an epoch goes on with the batches it would have had.
 */
public final class CombinedLoader implements BatchSource {
    /** When a pass over several loaders ends. */
    public enum Mode {
        /** With the shortest loader. */
        MIN_SIZE(CombinedLength.SHORTEST),
        /** With the longest loader; an exhausted one gives no more batches. */
        MAX_SIZE(CombinedLength.LONGEST),
        /** With the longest loader; an exhausted one begins again. */
        MAX_SIZE_CYCLE(CombinedLength.LONGEST_WITH_CYCLES),
        /** One loader after another; each batch is of one loader. */
        SEQUENTIAL(CombinedLength.SUM);

        private final CombinedLength length;

        Mode(CombinedLength length) {
            this.length = length;
        }
    }

    private final Mode mode;
    private final Map<String, BatchSource> loaders;

    private CombinedLoader(Builder builder) {
        this.mode = builder.mode;
        this.loaders = Collections.unmodifiableMap(new LinkedHashMap<>(builder.loaders));
    }

    /**
     * Starts combining loaders.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Combines loaders.
     *
     * @param mode when a pass ends
     * @param loaders name and loader, in the map's order; at least one
     * @return the loader
     */
    public static CombinedLoader of(Mode mode, Map<String, ? extends Iterable<Batch>> loaders) {
        Builder builder = builder().mode(mode);
        Require.given(loaders, "loaders").forEach(builder::loader);
        return builder.build();
    }

    /**
     * The number of batches of a pass.
     *
     * @return the count, or -1 if a loader it depends on does not know its own
     */
    @Override
    public long batchCount() {
        return mode.length.of(loaders.values());
    }

    /** Whether one of the loaders has a new order in each epoch; empty if that is not known. */
    @Override
    public Optional<Boolean> shuffles() {
        boolean known = true;
        for (BatchSource loader : loaders.values()) {
            if (loader.shuffles().orElse(false)) {
                return Optional.of(true);
            }
            known &= loader.shuffles().isPresent();
        }
        return known ? Optional.of(false) : Optional.empty();
    }

    @Override
    public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
        return new CombinedCursor(loaders, mode.length, manager, seeds, epoch, skip);
    }

    /** The shapes of the first loader's batches, for which a module is made that declares none. */
    @Override
    public Optional<Shape[]> peek(NDManager parent, Seeds seeds) {
        return loaders.values().iterator().next().peek(parent, seeds);
    }

    @Override
    public void forget() {
        loaders.values().forEach(BatchSource::forget);
    }

    @Override
    public String toString() {
        return "CombinedLoader " + mode + " of " + loaders.keySet();
    }

    /** Builds a {@link CombinedLoader}. */
    public static final class Builder {
        private final Map<String, BatchSource> loaders = new LinkedHashMap<>();
        private Mode mode = Mode.MAX_SIZE_CYCLE;

        Builder() {}

        /**
         * Adds a loader.
         *
         * @param name its name in the batches
         * @param batches a {@code DataLoader}, or any iterable that gives its batches anew each time
         * @return this
         * @throws ConfigurationException if there is one of that name
         */
        public Builder loader(String name, Iterable<Batch> batches) {
            Require.name(name, "the name of a loader");
            if (loaders.containsKey(name)) {
                throw new ConfigurationException("Two loaders are called '" + name + "'; give each a name of its own.");
            }
            loaders.put(name, Sources.of(Require.given(batches, "loader '" + name + "'")));
            return this;
        }

        /**
         * When a pass ends.
         *
         * @param value {@code MAX_SIZE_CYCLE} by default
         * @return this
         */
        public Builder mode(Mode value) {
            mode = Require.given(value, "mode");
            return this;
        }

        /**
         * Builds the loader.
         *
         * @return the loader
         * @throws ConfigurationException if there is no loader in it
         */
        public CombinedLoader build() {
            if (loaders.isEmpty()) {
                throw new ConfigurationException("A CombinedLoader needs at least one loader(name, batches).");
            }
            return new CombinedLoader(this);
        }
    }
}
