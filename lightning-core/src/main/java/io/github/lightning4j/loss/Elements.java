package io.github.lightning4j.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.DoublePredicate;
import java.util.function.IntToDoubleFunction;

/** A look at each target, which on the CPU costs a small part of what the loss costs, and on a GPU would not. */
final class Elements {
    /** Mixed targets, such as 0.3 * 1 + 0.7 * 1, may miss 1 by a rounding error. */
    private static final float ROUNDING = 1e-6f;

    private Elements() {}

    static void requireProbabilities(String loss, NDArray targets) {
        if (targets.getDataType() != DataType.FLOAT32 || targets.getDevice().isGpu()) {
            return;
        }
        FloatBuffer values = Tensors.liveView(targets).asFloatBuffer();
        for (int i = 0; i < values.limit(); i++) {
            float target = values.get(i);
            if (!(target >= -ROUNDING && target <= 1 + ROUNDING)) {
                throw new DataException("Losses." + loss + " got target " + target + " at " + row(targets, i)
                        + ", but a target is a probability from 0 to 1.");
            }
        }
    }

    /** Every target is 1 or -1; looked at on the CPU alone. */
    static void requireSigns(String loss, NDArray targets) {
        require(
                targets,
                target -> Math.abs(target) == 1,
                "Losses." + loss + " got target ",
                ", but a target is 1 or -1. Labels of 0 and 1 become so by 2 * label - 1.");
    }

    /** Every whole number lies within bounds; looked at on the CPU alone. */
    static void requireWithin(String loss, String what, NDArray numbers, long low, long high) {
        require(
                numbers,
                number -> number >= low && number <= high,
                "Losses." + loss + " got " + what + " ",
                ", but it must be from " + low + " to " + high + ".");
    }

    static void requireNotNegative(String loss, String what, NDArray numbers) {
        require(
                numbers,
                number -> !(number < 0),
                "Losses." + loss + " got " + what + " ",
                ", but it must be 0 or more. Take softplus or exp of what the network gives.");
    }

    /** After a failure alone: torch has looked at each value already. */
    static void requireUnitInterval(String loss, NDArray probabilities) {
        require(
                probabilities,
                number -> number >= 0 && number <= 1,
                "Losses." + loss + " got a prediction of ",
                ", but a prediction is a probability from 0 to 1. For logits use Losses.bceWithLogits.");
    }

    private static void require(NDArray array, DoublePredicate allowed, String before, String after) {
        if (array.getDevice().isGpu() || array.size() == 0) {
            return;
        }
        IntToDoubleFunction values = values(array);
        for (int i = 0; i < array.size(); i++) {
            double value = values.applyAsDouble(i);
            if (!allowed.test(value)) {
                String text = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
                throw new DataException(before + text + " at " + row(array, i) + after);
            }
        }
    }

    private static IntToDoubleFunction values(NDArray array) {
        ByteBuffer bytes = Tensors.liveView(array);
        return switch (array.getDataType()) {
            case FLOAT32 -> bytes.asFloatBuffer()::get;
            case FLOAT64 -> bytes.asDoubleBuffer()::get;
            case INT64 -> bytes.asLongBuffer()::get;
            case INT32 -> bytes.asIntBuffer()::get;
            case UINT8 -> index -> bytes.get(index) & 0xff;
            case FLOAT16 -> {
                Number[] numbers = array.toArray();
                yield index -> numbers[index].doubleValue();
            }
            default -> bytes::get;
        };
    }

    static String row(NDArray labels, int index) {
        long rows = labels.getShape().dimension() == 0 ? 1 : labels.getShape().get(0);
        long perRow = labels.size() / rows;
        return "row " + index / perRow + " of the batch" + (perRow == 1 ? "" : ", element " + index % perRow);
    }
}
