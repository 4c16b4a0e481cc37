package io.github.lightning4j.data;

import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.data.internal.IndexList;
import io.github.lightning4j.data.internal.Permutation;
import io.github.lightning4j.data.internal.Samples;
import io.github.lightning4j.data.internal.Subset;
import io.github.lightning4j.data.internal.TensorRows;
import io.github.lightning4j.internal.number.Shares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Divides a dataset into parts that share its samples, its transforms and its batchifiers. Parts of tensors in memory are
 * read as fast as the whole.
 */
public final class Splits {
    private Splits() {}

    /**
     * Random parts of given sizes, drawn uniformly from all such divisions.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @param seed decides the division alone: equal seeds give equal parts
     * @param sizes the number of samples of each part, each at least 1, together all of the dataset
     * @return the parts, which have no sample in common
     * @throws DataException if a size is below 1 or they do not add up to the dataset's
     */
    public static List<RandomAccessDataset> random(RandomAccessDataset dataset, long seed, int... sizes) {
        return cut(dataset, shuffled(dataset, seed), sizes);
    }

    /**
     * Random parts of given fractions, drawn uniformly from all such divisions.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @param seed decides the division alone: equal seeds give equal parts
     * @param fractions the share of each part, each above 0, together 1; bounds between parts are rounded to whole samples
     * @return the parts, which have no sample in common
     * @throws DataException if a part is left without a sample or the fractions do not add up to 1
     */
    public static List<RandomAccessDataset> randomFractions(
            RandomAccessDataset dataset, long seed, double... fractions) {
        double sum = Arrays.stream(fractions).sum();
        if (!(Math.abs(sum - 1) < 1e-6)) {
            throw new DataException(
                    "The fractions " + Arrays.toString(fractions) + " add up to " + sum + "; expected 1");
        }
        int size = size(dataset);
        int[] sizes = new int[fractions.length];
        double share = 0;
        int from = 0;
        for (int i = 0; i < sizes.length; i++) {
            share += fractions[i];
            int to = i == sizes.length - 1 ? size : (int) Shares.round(size, share);
            sizes[i] = to - from;
            from = to;
        }
        return random(dataset, seed, sizes);
    }

    /**
     * Consecutive parts in the dataset's order.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @param sizes the number of samples of each part, each at least 1, together all of the dataset
     * @return the parts
     * @throws DataException if a size is below 1 or they do not add up to the dataset's
     */
    public static List<RandomAccessDataset> consecutive(RandomAccessDataset dataset, int... sizes) {
        return cut(dataset, LongStream.range(0, size(dataset)).toArray(), sizes);
    }

    /**
     * The samples of a range.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @param from the first sample, from 0
     * @param to the sample after the last, above {@code from}
     * @return the part
     * @throws DataException if the range is empty or reaches outside the dataset
     */
    public static RandomAccessDataset range(RandomAccessDataset dataset, int from, int to) {
        int size = size(dataset);
        if (from < 0 || to <= from || to > size) {
            throw new DataException("The range from " + from + " to " + to + " is not a part of a dataset of " + size
                    + " samples; expected 0 <= from < to <= " + size);
        }
        return part(dataset, new IndexList(LongStream.range(from, to).toArray()));
    }

    /**
     * The samples at some places.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @param indices the place of each sample in the dataset, from 0; at least one; a place may occur more than once
     * @return the part, in the order of the indices
     * @throws DataException if there is no index, or one lies outside the dataset
     */
    public static RandomAccessDataset pick(RandomAccessDataset dataset, long... indices) {
        int size = size(dataset);
        if (indices.length == 0) {
            throw new DataException("No index of a sample was given; expected at least one");
        }
        for (long index : indices) {
            if (index < 0 || index >= size) {
                throw new DataException("The index " + index + " is no sample's of a dataset of " + size
                        + " samples; expected 0 to " + (size - 1));
            }
        }
        return part(dataset, new IndexList(indices.clone()));
    }

    private static long[] shuffled(RandomAccessDataset dataset, long seed) {
        return Permutation.of(size(dataset), new Seeds(seed).of(Purpose.SPLIT, 0, 0));
    }

    private static List<RandomAccessDataset> cut(RandomAccessDataset dataset, long[] order, int... sizes) {
        long sum = Arrays.stream(sizes).asLongStream().sum();
        if (sum != order.length || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new DataException("The sizes " + Arrays.toString(sizes) + " do not divide a dataset of "
                    + order.length + " samples; expected sizes of at least 1 that add up to it");
        }
        List<RandomAccessDataset> parts = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            parts.add(part(dataset, new IndexList(Arrays.copyOfRange(order, from, from + size))));
            from += size;
        }
        return parts;
    }

    private static RandomAccessDataset part(RandomAccessDataset dataset, IndexList indices) {
        Optional<TensorRows.Tensors> tensors = ReaderKind.tensors(dataset);
        if (tensors.isPresent()) {
            return TensorDataset.part((ArrayDataset) dataset, tensors.get(), indices);
        }
        return dataset instanceof ArrayDataset ? dataset.subDataset(indices) : new Subset(dataset, indices);
    }

    private static int size(RandomAccessDataset dataset) {
        return Samples.count(dataset, "The dataset " + dataset.getClass().getName());
    }
}
