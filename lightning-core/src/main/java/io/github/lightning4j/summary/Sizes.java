package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Shapes in little room. */
final class Sizes {
    private Sizes() {}

    /** All of them. */
    static String all(List<Shape> shapes) {
        return shapes.stream().map(Shape::toString).collect(Collectors.joining(", "));
    }

    static String text(List<Shape> shapes) {
        if (shapes.size() > 1 && new HashSet<>(shapes).size() == 1) {
            return shapes.size() + " x " + shapes.get(0);
        }
        if (shapes.isEmpty()) {
            return "";
        }
        return shapes.get(0) + (shapes.size() == 1 ? "" : " + " + (shapes.size() - 1));
    }
}
