package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.types.Shape;

/** Where a tensor lies in a safetensors file: bytes {@code begin} to {@code end} (exclusive) of the data section. */
record TensorEntry(String name, TensorType type, Shape shape, long begin, long end) {
    long bytes() {
        return end - begin;
    }

    TensorEntry movedTo(long newBegin) {
        return new TensorEntry(name, type, shape, newBegin, newBegin + bytes());
    }
}
