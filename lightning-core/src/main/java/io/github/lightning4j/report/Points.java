package io.github.lightning4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Points of a curve, from left to right, as the page takes them. */
final class Points {
    private final List<Number> xs = new ArrayList<>();
    private final List<@Nullable Number> ys = new ArrayList<>();

    void add(Bucket bucket) {
        Stream.of(bucket.low(), bucket.high(), new Bucket.Point(bucket.gap(), Double.NaN))
                .filter(point -> !Double.isNaN(point.x()))
                .distinct()
                .sorted((a, b) -> Double.compare(a.x(), b.x()))
                .forEach(this::add);
    }

    private void add(Bucket.Point point) {
        boolean again = !xs.isEmpty() && xs.get(xs.size() - 1).doubleValue() == point.x();
        if (again) {
            return;
        }
        xs.add(Digits.shortest(point.x()));
        ys.add(point.isFinite() ? Digits.six(point.y()) : null);
    }

    List<Number> xs() {
        return xs;
    }

    List<@Nullable Number> ys() {
        return ys;
    }
}
