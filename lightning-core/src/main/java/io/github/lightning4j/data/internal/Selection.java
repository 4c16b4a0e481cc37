package io.github.lightning4j.data.internal;

import java.util.stream.Collectors;

/**
 * The samples of one batch.
 *
 * @param batch the batch's number in its epoch, from 0
 * @param indices the samples' indices in the dataset
 * @param done how many samples of the epoch have come when this batch is through
 * @param total how many samples the epoch has, or -1 if that is not known
 */
public record Selection(long batch, IndexList indices, long done, long total) {
    int size() {
        return indices.size();
    }

    /** The first indices, for messages. */
    String sample() {
        String first = indices.stream().limit(8).map(String::valueOf).collect(Collectors.joining(", "));
        return size() > 8 ? first + ", ..." : first;
    }
}
