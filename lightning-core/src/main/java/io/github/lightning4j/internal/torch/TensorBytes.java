package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a tensor in row-major order, whatever its layout, device and size. CPU tensors that are contiguous are
 * seen through their own memory; others by way of a copy that is freed at once.
 */
public final class TensorBytes {
    private static final long LARGEST_VIEW = 1L << 30;

    private TensorBytes() {}

    /** Reads or fills a stretch of a tensor. */
    @FunctionalInterface
    public interface Action {
        /**
         * Handles the next bytes.
         *
         * @param bytes a view in native byte order, valid during the call alone
         * @throws IOException if what the bytes come from or go to fails
         */
        void accept(ByteBuffer bytes) throws IOException;
    }

    /**
     * Shows the bytes of a tensor, stretch by stretch.
     *
     * @param array the tensor
     * @param reader reads each stretch; must not write
     * @throws IOException what the reader throws
     */
    public static void read(NDArray array, Action reader) throws IOException {
        read(array, reader, LARGEST_VIEW);
    }

    static void read(NDArray array, Action reader, long limit) throws IOException {
        visit(array, limit, part -> reader.accept(Tensors.liveView(part)));
    }

    /**
     * Overwrites a tensor in place: its storage, its gradient flag and every view of it stay.
     *
     * @param array the tensor
     * @param writer fills each stretch completely
     * @throws IOException what the writer throws; the tensor may then be partly overwritten
     */
    public static void fill(NDArray array, Action writer) throws IOException {
        fill(array, writer, LARGEST_VIEW);
    }

    static void fill(NDArray array, Action writer, long limit) throws IOException {
        visit(array, limit, part -> {
            if (Tensors.isContiguous(part)) {
                writer.accept(Tensors.liveView(part));
                Tensors.markChanged(part);
            } else {
                NDArray staging = part.getManager().zeros(part.getShape(), part.getDataType(), Device.cpu());
                writer.accept(Tensors.liveView(staging));
                copyElements(staging, part);
            }
        });
    }

    /**
     * Overwrites a tensor in place with the elements of another, whatever the layouts.
     *
     * @param from a tensor of the same shape and dtype
     * @param to the tensor to overwrite
     */
    public static void copy(NDArray from, NDArray to) {
        if (to.size() > 0) {
            try (MemoryScope scope = MemoryScope.open();
                    GradMode off = GradMode.off()) {
                copyElements(from, to);
            }
        }
    }

    /** DJL's own copyTo is of no use: it gives the target another storage. */
    private static void copyElements(NDArray from, NDArray to) {
        boolean scalar = to.getShape().dimension() == 0;
        NDArray view = scalar ? to.reshape(1) : to;
        view.set(new NDIndex(":"), scalar ? from.reshape(1) : from);
    }

    private interface Visitor {
        void visit(NDArray part) throws IOException;
    }

    private static void visit(NDArray array, long limit, Visitor visitor) throws IOException {
        if (array.size() == 0) {
            return;
        }
        try (MemoryScope scope = MemoryScope.open();
                GradMode off = GradMode.off()) {
            visitParts(array, limit, visitor);
        }
    }

    private static void visitParts(NDArray array, long limit, Visitor visitor) throws IOException {
        long bytes = array.size() * array.getDataType().getNumOfBytes();
        if (bytes <= limit) {
            visitor.visit(array);
            return;
        }
        long rows = array.getShape().get(0);
        long rowsAtOnce = Math.max(1, limit / (bytes / rows));
        for (long row = 0; row < rows; row += rowsAtOnce) {
            NDIndex part = rows == 1
                    ? new NDIndex().addIndices(row)
                    : new NDIndex().addSliceDim(row, Math.min(rows, row + rowsAtOnce));
            // Each part's own copies, if it needs any, go before the next part is looked at.
            try (MemoryScope scope = MemoryScope.open()) {
                visitParts(array.get(part), limit, visitor);
            }
        }
    }
}
