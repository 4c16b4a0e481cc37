package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Collects the state of one {@link Stateful}: JSON values and named tensors. Keys are unique within one writer and must
 * not contain {@code '/'} unless they belong to a tensor.
 */
public interface StateWriter {
    /**
     * The child for what may differ between two equal runs, such as times; kits that compare states leave it out.
     */
    String VOLATILE = "volatile";

    /**
     * Writes a whole number.
     *
     * @param key the name
     * @param value the value
     */
    void putLong(String key, long value);

    /**
     * Writes a floating point number; every double, the non-finite ones included, comes back with the same bits.
     *
     * @param key the name
     * @param value the value
     */
    void putDouble(String key, double value);

    /**
     * Writes a truth value.
     *
     * @param key the name
     * @param value the value
     */
    void putBoolean(String key, boolean value);

    /**
     * Writes a text.
     *
     * @param key the name
     * @param value the value
     */
    void putString(String key, String value);

    /**
     * Writes floating point numbers.
     *
     * @param key the name
     * @param values the values
     */
    void putDoubles(String key, double... values);

    /**
     * Writes whole numbers.
     *
     * @param key the name
     * @param values the values
     */
    void putLongs(String key, long... values);

    /**
     * Writes texts.
     *
     * @param key the name
     * @param values the values
     */
    void putStrings(String key, List<String> values);

    /**
     * Writes a tensor of any shape. It is read when the checkpoint is written, which happens before training goes on.
     *
     * @param key the name
     * @param tensor the tensor
     */
    void putTensor(String key, NDArray tensor);

    /**
     * Opens a nested state.
     *
     * @param key the name
     * @return a writer whose keys live below {@code key}
     */
    StateWriter child(String key);
}
