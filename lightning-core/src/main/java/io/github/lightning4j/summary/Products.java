package io.github.lightning4j.summary;

import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.internal.torch.TorchTrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the products of matrices in a block of which nobody knows what it does, by libtorch's own record of its operations. */
final class Products {
    private static final Logger LOG = LoggerFactory.getLogger(Products.class);
    /** Operations that count, and tell no stride, or hide others. */
    private static final Pattern OTHERS =
            Pattern.compile(".*(conv|rnn|lstm|gru|attention|mkldnn|mm|TensorExpr|Fusion).*");

    private OptionalLong flops = OptionalLong.empty();

    /** Does something and counts; within another count, or while a profiler of the user's records, it is only done. */
    <T> T counting(Supplier<T> action) {
        if (TorchTrace.isRecording()) {
            return action.get();
        }
        Path file;
        try {
            file = Files.createTempFile("lightning4j", ".json");
        } catch (IOException e) {
            return action.get();
        }
        try {
            return recorded(action, file);
        } finally {
            delete(file);
        }
    }

    private <T> T recorded(Supplier<T> action, Path file) {
        TorchTrace trace = TorchTrace.start();
        try {
            return action.get();
        } finally {
            trace.stop(file);
            flops = read(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} could not be deleted", file, e);
        }
    }

    /** What was counted, or nothing where something cannot be. */
    OptionalLong flops() {
        return flops;
    }

    private static OptionalLong read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return count((List<?>) Objects.requireNonNull(
                    Json.parse("{\"events\":" + text + "}").get("events")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong count(List<?> events) {
        long sum = 0;
        for (Object event : events) {
            Map<?, ?> fields = (Map<?, ?>) event;
            String name = String.valueOf(fields.get("name"));
            int first = firstMatrix(name);
            if (first >= 0) {
                sum += product(list(fields, "shape"), first);
            } else if (OTHERS.matcher(name).matches()) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(sum);
    }

    private static List<?> list(Map<?, ?> object, String key) {
        return (List<?>) Objects.requireNonNull(object.get(key), key);
    }

    /** Which argument is the first matrix of a product, or -1. */
    private static int firstMatrix(String operation) {
        return switch (operation) {
            case "aten::mm", "aten::bmm" -> 0;
            case "aten::addmm", "aten::baddbmm" -> 1;
            default -> -1;
        };
    }

    /** Rows times columns times what is summed over, of each in the batch; a multiply-add is two. */
    private static long product(List<?> shapes, int first) {
        List<?> left = (List<?>) shapes.get(first);
        List<?> right = (List<?>) shapes.get(first + 1);
        long product = 2 * length(right, right.size() - 1);
        for (int axis = 0; axis < left.size(); axis++) {
            product *= length(left, axis);
        }
        return product;
    }

    private static long length(List<?> shape, int axis) {
        return ((Number) shape.get(axis)).longValue();
    }
}
