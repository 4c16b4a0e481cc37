package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.BatchHandover;
import io.github.lightning4j.internal.torch.BatchPrecision;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The batches of several loaders, by the loaders' names, as a {@code CombinedLoader} gives them.
 *
 * <pre>{@code
 * public NDArray trainingStep(Batch batch, int batchIndex) {
 *     CombinedBatch both = CombinedBatch.of(batch);
 *     NDArray supervised = loss(both.get("labelled"));
 *     ...
 * }
 * }</pre>
 *
 * <p>{@link #getData}, {@link #getLabels} and {@link #getSize} are those of all of them, one after another. Closing it closes
 * them.
 */
public final class CombinedBatch extends Batch {
    private final Map<String, Batch> batches;

    /**
     * Combines batches.
     *
     * @param manager a manager for this batch alone, which is closed with it; the batches keep their own
     * @param batches name and batch, at least one; closed with this one
     * @param progress the number of this batch in its pass, from 0
     * @param total the batches of the pass, or -1 if that is not known
     */
    public CombinedBatch(NDManager manager, Map<String, ? extends Batch> batches, long progress, long total) {
        super(manager, new NDList(), new NDList(), size(batches), null, null, progress, total);
        this.batches = Collections.unmodifiableMap(new LinkedHashMap<>(batches));
    }

    private static int size(Map<String, ? extends Batch> batches) {
        return batches.values().stream().mapToInt(Batch::getSize).sum();
    }

    /**
     * What a step was given, if its loaders are combined.
     *
     * @param batch the batch
     * @return the batch
     * @throws ConfigurationException if it is of one loader
     */
    public static CombinedBatch of(Batch batch) {
        if (batch instanceof CombinedBatch combined) {
            return combined;
        }
        throw new ConfigurationException("The batch is a " + ClassName.of(batch)
                + " of one loader, not of several combined ones. Give the Trainer a CombinedLoader.");
    }

    /**
     * The loaders that have given a batch: all of them, unless one is exhausted.
     *
     * @return their names, in the order in which they were combined
     */
    public Set<String> names() {
        return batches.keySet();
    }

    /**
     * The batches.
     *
     * @return name and batch, in the order in which the loaders were combined
     */
    public Map<String, Batch> batches() {
        return batches;
    }

    /**
     * The batch of one loader.
     *
     * @param name the loader's name
     * @return its batch
     * @throws ConfigurationException if there is no such loader, or it is exhausted
     */
    public Batch get(String name) {
        Batch batch = find(name);
        if (batch == null) {
            throw new ConfigurationException("There is no batch of a loader '" + name + "' here, but of " + names()
                    + ". Where a loader may be exhausted, ask with find(name).");
        }
        return batch;
    }

    /**
     * The batch of one loader, if it has given one.
     *
     * @param name the loader's name
     * @return its batch, or null
     */
    public @Nullable Batch find(String name) {
        return batches.get(name);
    }

    /**
     * The data of all batches.
     *
     * @return the arrays, one batch after another
     */
    @Override
    public NDList getData() {
        NDList all = new NDList();
        batches.values().forEach(batch -> all.addAll(batch.getData()));
        return all;
    }

    /**
     * The labels of all batches.
     *
     * @return the arrays, one batch after another
     */
    @Override
    public NDList getLabels() {
        NDList all = new NDList();
        batches.values().forEach(batch -> all.addAll(batch.getLabels()));
        return all;
    }

    /** Copies to another device what is not there; closes this one. */
    CombinedBatch each(NDManager owner, UnaryOperator<Batch> change) {
        Map<String, Batch> changed = new LinkedHashMap<>();
        batches.forEach((name, batch) -> changed.put(name, change.apply(batch)));
        CombinedBatch result = new CombinedBatch(owner, changed, getProgress(), getProgressTotal());
        super.close();
        return result;
    }

    /**
     * Copies a batch to the device of its new owner, combined or not.
     *
     * @param batch the batch, closed afterwards
     * @param owner the parent of the managers of the copies
     * @param precision which dtypes the copies have
     * @return the copy
     */
    public static Batch copyTo(Batch batch, NDManager owner, BatchPrecision precision) {
        return batch instanceof CombinedBatch combined
                ? combined.each(
                        owner.newSubManager(), part -> BatchHandover.copy(part, owner.newSubManager(), precision))
                : BatchHandover.copy(batch, owner.newSubManager(), precision);
    }

    /** Gives a batch managers of its own. */
    static Batch free(Batch batch, NDManager like) {
        return batch instanceof CombinedBatch combined
                ? combined.each(base(like), part -> BatchHandover.move(part, base(like)))
                : BatchHandover.move(batch, base(like));
    }

    private static NDManager base(NDManager like) {
        return NDManager.newBaseManager(like.getDevice());
    }

    @Override
    public void close() {
        if (getManager() == null) {
            return;
        }
        batches.values().stream().filter(batch -> batch.getManager() != null).forEach(Batch::close);
        super.close();
    }
}
