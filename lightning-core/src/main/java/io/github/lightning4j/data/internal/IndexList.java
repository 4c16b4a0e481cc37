package io.github.lightning4j.data.internal;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Indices of samples, as the list that DJL asks for but without a box for each. */
public final class IndexList extends AbstractList<Long> implements RandomAccess {
    private final long[] indices;

    /** The array is not copied. */
    public IndexList(long[] indices) {
        this.indices = indices;
    }

    @Override
    public Long get(int position) {
        return indices[position];
    }

    public long at(long position) {
        return indices[Math.toIntExact(position)];
    }

    @Override
    public int size() {
        return indices.length;
    }

    /** The indices themselves, not to be changed. */
    public long[] array() {
        return indices;
    }

    /** The indices that lie at some positions of this list. */
    public IndexList pick(IndexList positions) {
        long[] picked = new long[positions.size()];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = at(positions.indices[i]);
        }
        return new IndexList(picked);
    }
}
