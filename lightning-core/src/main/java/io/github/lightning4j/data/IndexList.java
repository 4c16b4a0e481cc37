package io.github.lightning4j.data;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Indices as the list that DJL asks for, without a box for each. */
final class IndexList extends AbstractList<Long> implements RandomAccess {
    private final long[] indices;

    IndexList(long[] indices) {
        this.indices = indices;
    }

    @Override
    public Long get(int position) {
        return indices[position];
    }

    @Override
    public int size() {
        return indices.length;
    }
}
