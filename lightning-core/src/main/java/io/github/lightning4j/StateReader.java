package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The saved state of one {@link Stateful}. Every getter throws a {@link CheckpointException} that names the full path of
 * the key when it is missing or of another type.
 */
public interface StateReader {
    /**
     * The keys present: values, tensors and children alike, in no particular order.
     *
     * @return the keys
     */
    Set<String> keys();

    /**
     * Whether a key is present.
     *
     * @param key the name
     * @return true if a value, tensor or child of that name was saved
     */
    boolean has(String key);

    /**
     * Reads a whole number.
     *
     * @param key the name
     * @return the value
     */
    long getLong(String key);

    /**
     * Reads a floating point number.
     *
     * @param key the name
     * @return the value, with the bits that were saved
     */
    double getDouble(String key);

    /**
     * Reads a truth value.
     *
     * @param key the name
     * @return the value
     */
    boolean getBoolean(String key);

    /**
     * Reads a text.
     *
     * @param key the name
     * @return the value
     */
    String getString(String key);

    /**
     * Reads floating point numbers.
     *
     * @param key the name
     * @return the values
     */
    double[] getDoubles(String key);

    /**
     * Reads whole numbers.
     *
     * @param key the name
     * @return the values
     */
    long[] getLongs(String key);

    /**
     * Reads texts.
     *
     * @param key the name
     * @return the values
     */
    List<String> getStrings(String key);

    /**
     * Copies a saved tensor into a live one of the same shape and dtype, in place.
     *
     * @param key the name
     * @param target the tensor to overwrite
     */
    void readTensor(String key, NDArray target);

    /**
     * Makes a new tensor from a saved one.
     *
     * @param key the name
     * @param manager the manager that will own it; its device is the tensor's
     * @return the tensor, in no memory scope
     */
    NDArray newTensor(String key, NDManager manager);

    /**
     * Opens a nested state.
     *
     * @param key the name
     * @return its reader
     */
    StateReader child(String key);

    /**
     * Reads a whole number that must not be below a bound.
     *
     * @param key the key
     * @param least the bound
     * @return the number
     * @throws CheckpointException if it is missing or out of range
     */
    default long getLong(String key, long least) {
        long value = getLong(key);
        if (value < least) {
            throw new CheckpointException("The checkpoint's '" + key + "' is " + value + ", but must be at least "
                    + least + ". It was written by something else than this library; use another checkpoint.");
        }
        return value;
    }

    /**
     * Reads a whole number that must not be below a bound and must fit an {@code int}.
     *
     * @param key the key
     * @param least the bound
     * @return the number
     * @throws CheckpointException if it is missing or out of range
     */
    default int getInt(String key, int least) {
        long value = getLong(key, least);
        if (value > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    "The checkpoint's '" + key + "' is " + value + ", but must be at most " + Integer.MAX_VALUE
                            + ". It was written by something else than this library; use another checkpoint.");
        }
        return (int) value;
    }

    /**
     * Reads one of an enum's constants by its name.
     *
     * @param key the key
     * @param type the enum
     * @param <E> the enum
     * @return the constant
     * @throws CheckpointException if it is missing or none of them
     */
    default <E extends Enum<E>> E getEnum(String key, Class<E> type) {
        String name = getString(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new CheckpointException("The checkpoint's '" + key + "' is '" + name + "', but must be one of "
                + Arrays.toString(type.getEnumConstants()) + ". A newer release may have written it.");
    }
}
