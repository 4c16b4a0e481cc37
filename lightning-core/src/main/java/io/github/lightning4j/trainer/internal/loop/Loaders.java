package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.BatchSource;
import java.util.List;
import java.util.function.Supplier;

/** The loaders of a fit, which can be asked for anew. */
public final class Loaders {
    private final Supplier<BatchSource> ofTraining;
    private final Supplier<List<BatchSource>> ofValidation;
    private BatchSource train;
    private List<BatchSource> vals;

    /** Asks for them. */
    public Loaders(Supplier<BatchSource> ofTraining, Supplier<List<BatchSource>> ofValidation) {
        this.ofTraining = ofTraining;
        this.ofValidation = ofValidation;
        this.train = ofTraining.get();
        this.vals = ofValidation.get();
    }

    /** Asks again. */
    void reload() {
        train.forget();
        train = ofTraining.get();
        vals = ofValidation.get();
    }

    /** Frees a training batch that was looked at and not used. */
    public void forget() {
        train.forget();
    }

    /** The training batches. */
    public BatchSource train() {
        return train;
    }

    /** The validation batches of each loader. */
    public List<BatchSource> vals() {
        return vals;
    }
}
