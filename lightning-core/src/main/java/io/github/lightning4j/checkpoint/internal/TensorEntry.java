package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.types.Shape;

/** Where a tensor lies in a safetensors file: bytes {@code begin} to {@code end} (exclusive) of the data section. */
public record TensorEntry(String name, TensorType type, Shape shape, long begin, long end) {
    public long bytes() {
        return end - begin;
    }

    public TensorEntry movedTo(long newBegin) {
        return new TensorEntry(name, type, shape, newBegin, newBegin + bytes());
    }
}
