package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ModuleBlock;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;

/**
 * The elements of a block's parameters, each parameter once.
 *
 * @param trainable in parameters with a gradient
 * @param frozen in parameters without
 * @param buffers in running statistics and registered buffers
 * @param bytes of all of these
 */
record ParameterTotals(long trainable, long frozen, long buffers, long bytes) {
    static ParameterTotals of(Block block) {
        Set<Parameter> all = identitySet();
        all.addAll(block.getParameters().values());
        Set<Parameter> registered = identitySet();
        if (block instanceof ModuleBlock module) {
            registered.addAll(module.buffers().values());
        }
        long trainable = 0;
        long frozen = 0;
        long buffers = 0;
        long bytes = 0;
        for (Parameter parameter : all) {
            Shape shape = parameter.getShape();
            long size = shape == null ? 0 : shape.size();
            if (registered.contains(parameter) || isStatistic(parameter)) {
                buffers += size;
            } else if (parameter.requiresGradient()) {
                trainable += size;
            } else {
                frozen += size;
            }
            bytes += parameter.isInitialized()
                    ? size * parameter.getArray().getDataType().getNumOfBytes()
                    : 0;
        }
        return new ParameterTotals(trainable, frozen, buffers, bytes);
    }

    private static boolean isStatistic(Parameter parameter) {
        return parameter.getType() == Parameter.Type.RUNNING_MEAN || parameter.getType() == Parameter.Type.RUNNING_VAR;
    }

    private static Set<Parameter> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** The lines below the table. */
    @Override
    public String toString() {
        String total = grouped(trainable + frozen);
        StringBuilder lines = new StringBuilder();
        line(lines, grouped(trainable), total, "trainable parameters");
        line(lines, grouped(frozen), total, "frozen parameters");
        line(lines, total, total, "parameters in total");
        if (buffers > 0) {
            line(lines, grouped(buffers), total, "numbers in buffers");
        }
        line(lines, String.format(Locale.ROOT, "%.3f", bytes / 1e6), total, "MB");
        return lines.toString();
    }

    private static void line(StringBuilder lines, String number, String widest, String what) {
        int width = Math.max(widest.length(), 6);
        lines.append(" ".repeat(Math.max(0, width - number.length())))
                .append(number)
                .append("  ")
                .append(what)
                .append(System.lineSeparator());
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
