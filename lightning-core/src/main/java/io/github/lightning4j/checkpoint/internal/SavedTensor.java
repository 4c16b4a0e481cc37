package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.types.Shape;

/**
 * A tensor under the name it goes by here.
 *
 * @param stored its name in the file
 * @param transposed whether the file has it with its two axes exchanged
 */
public record SavedTensor(String name, TensorEntry stored, boolean transposed) {
    public static SavedTensor asStored(TensorEntry stored) {
        return new SavedTensor(stored.name(), stored, false);
    }

    public SavedTensor named(String newName) {
        return new SavedTensor(newName, stored, transposed);
    }

    public SavedTensor exchanged() {
        return new SavedTensor(name, stored, !transposed);
    }

    /** The shape it has here. */
    public Shape shape() {
        Shape shape = stored.shape();
        return transposed ? new Shape(shape.get(1), shape.get(0)) : shape;
    }
}
