package io.github.lightning4j;

/**
 * Something whose state is saved with a checkpoint and restored in place.
 *
 * <p>{@link #load} must read every key that {@link #save} wrote: a key that is missing, and one that is left over, is
 * refused by name.
 */
public interface Stateful {
    /**
     * Writes the complete state.
     *
     * @param state receives the values and tensors; tensors are read before this object changes again
     */
    void save(StateWriter state);

    /**
     * Restores what {@link #save} wrote, in place.
     *
     * @param state the saved values and tensors
     * @throws CheckpointException if the state does not fit this object
     */
    void load(StateReader state);
}
