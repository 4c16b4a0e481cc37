package io.github.lightning4j.data;

/**
 * The samples of one batch.
 *
 * @param batch the batch's number in its epoch, from 0
 * @param indices the samples' indices in the dataset
 * @param done how many samples of the epoch have come when this batch is through
 * @param total how many samples the epoch has, or -1 if that is not known
 */
record Selection(long batch, long[] indices, long done, long total) {
    int size() {
        return indices.length;
    }

    /** The first indices, for messages. */
    String sample() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(8, indices.length); i++) {
            text.append(i == 0 ? "" : ", ").append(indices[i]);
        }
        return text.append(indices.length > 8 ? ", ..." : "").toString();
    }
}
