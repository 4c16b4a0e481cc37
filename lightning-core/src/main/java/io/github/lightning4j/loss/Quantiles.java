package io.github.lightning4j.loss;

import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pinball loss for each set of quantiles that was asked for. */
final class Quantiles {
    private static final Map<List<Double>, TorchFunction> WRITTEN = new ConcurrentHashMap<>();

    private Quantiles() {}

    static TorchFunction loss(double[] quantiles) {
        return WRITTEN.computeIfAbsent(Arrays.stream(quantiles).boxed().toList(), Quantiles::write);
    }

    private static TorchFunction write(List<Double> quantiles) {
        return TorchFunction.of(
                "x, t",
                "e = t.to(x.dtype).unsqueeze(-1) - x\n"
                        + "q = "
                        + TorchFunction.vector(
                                "x", quantiles.stream().mapToDouble(q -> q).toArray()) + "\n"
                        + "return torch.maximum(q * e, (q - 1.0) * e).mean()");
    }
}
