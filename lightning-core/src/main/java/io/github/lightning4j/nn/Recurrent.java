package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What torch's recurrent layers share: parameters {@code weight_ih_l0}, {@code weight_hh_l0}, {@code bias_ih_l0}, {@code
 * bias_hh_l0}, those of further layers and of the way back ({@code _reverse}), uniform in ±1/sqrt(hiddenSize) at first.
 *
 * <p>Inputs: samples (N, T, inputSize); then, if wanted, the initial states, each (layers * directions, N, hiddenSize) and
 * 0 by default; then, if wanted, the lengths of the samples, INT64 (N) from 1 to T: what lies beyond is not read, and the
 * output there is 0, as in torch's packed sequences. Outputs: the last layer's states (N, T, directions * hiddenSize), then
 * the states at the end of each sample, shaped as the initial ones.
 */
public abstract class Recurrent extends TorchLayer {
    private final String operator;
    private final int states;
    private final RecurrentOptions options;
    private final int inputSize;
    private final int hiddenSize;
    private final TorchFunction[] functions = new TorchFunction[8];

    Recurrent(String operator, int gates, int states, int inputSize, int hiddenSize, RecurrentOptions options) {
        this.operator = operator;
        this.states = states;
        this.inputSize = Require.atLeast(1, inputSize, "inputSize of " + ClassName.of(this));
        this.hiddenSize = Require.atLeast(1, hiddenSize, "hiddenSize of " + ClassName.of(this));
        this.options = options;
        Initializer initial = uniform(1 / Math.sqrt(hiddenSize));
        for (int layer = 0; layer < options.layers; layer++) {
            int inputs = layer == 0 ? inputSize : hiddenSize * options.directions();
            for (int direction = 0; direction < options.directions(); direction++) {
                String end = "_l" + layer + (direction == 0 ? "" : "_reverse");
                long rows = (long) gates * hiddenSize;
                parameter("weight_ih" + end, Parameter.Type.WEIGHT, initial, rows, inputs);
                parameter("weight_hh" + end, Parameter.Type.WEIGHT, initial, rows, hiddenSize);
                parameter("bias_ih" + end, Parameter.Type.BIAS, initial, rows);
                parameter("bias_hh" + end, Parameter.Type.BIAS, initial, rows);
            }
        }
        for (int i = 0; i < functions.length; i++) {
            functions[i] = write((i & 1) != 0, (i & 2) != 0, (i & 4) != 0);
        }
    }

    private TorchFunction write(boolean training, boolean withStates, boolean withLengths) {
        List<String> names = new ArrayList<>(List.of("x"));
        List<String> initial = states == 2 ? List.of("h", "c") : List.of("h");
        names.addAll(withStates ? initial : List.of());
        names.addAll(withLengths ? List.of("lengths") : List.of());
        List<String> weights = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            weights.add("w" + i);
        }
        names.addAll(weights);
        StringBuilder body = new StringBuilder();
        if (!withStates) {
            for (String state : initial) {
                body.append(state).append(" = torch.zeros([").append(options.layers * options.directions());
                body.append(", x.size(0), ").append(hiddenSize).append("], dtype=x.dtype, device=x.device)\n");
            }
        }
        if (withLengths) {
            body.append("ordered, order = torch.sort(lengths, dim=0, descending=True)\nback = torch.argsort(order)\n");
            body.append("data, sizes = torch._pack_padded_sequence(x.index_select(0, order), ordered.cpu(), True)\n");
            initial.forEach(state -> body.append(state + " = " + state + ".index_select(1, order)\n"));
        }
        String state = states == 2 ? "[h, c]" : "h";
        String results = "out, "
                + String.join(", ", initial.stream().map(name -> name + "n").toList());
        body.append(results).append(" = torch.").append(operator).append(withLengths ? "(data, sizes, " : "(x, ");
        body.append(state)
                .append(", [")
                .append(String.join(", ", weights))
                .append("], True, ")
                .append(options.layers);
        body.append(", ")
                .append(options.dropout)
                .append(", ")
                .append(training ? "True" : "False")
                .append(", ");
        body.append(options.bidirectional ? "True" : "False").append(withLengths ? ")\n" : ", True)\n");
        if (withLengths) {
            body.append("out, lens = torch._pad_packed_sequence(out, sizes, True, 0.0, x.size(1))\n");
            body.append("out = out.index_select(0, back)\n");
            initial.forEach(name -> body.append(name + "n = " + name + "n.index_select(1, back)\n"));
        }
        return TorchFunction.of(String.join(", ", names), body + "return [" + results + "]");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        NDArray x = inputs.head();
        Shape shape = x.getShape();
        require(
                shape.dimension() == 3 && shape.get(2) == inputSize && shape.size() > 0,
                x,
                "(samples, steps, " + inputSize + " inputs)");
        int last = inputs.size() - 1;
        boolean withLengths = last > 0 && inputs.get(last).getDataType() == DataType.INT64;
        int given = inputs.size() - 1 - (withLengths ? 1 : 0);
        if (given != 0 && given != states) {
            throw new DataException(ClassName.of(this) + " got " + given + " initial states, but has " + states
                    + ". Its inputs are the samples, then all initial states or none, then INT64 lengths or none.");
        }
        requireStates(inputs, given, shape.get(0));
        if (withLengths) {
            requireLengths(inputs.get(last), shape);
        }
        return functions[(training ? 1 : 0) | (given > 0 ? 2 : 0) | (withLengths ? 4 : 0)];
    }

    private void requireStates(NDList inputs, int given, long samples) {
        Shape expected = new Shape((long) options.layers * options.directions(), samples, hiddenSize);
        for (int i = 1; i <= given; i++) {
            require(inputs.get(i).getShape().equals(expected), inputs.get(i), "an initial state of shape " + expected);
        }
    }

    private void requireLengths(NDArray lengths, Shape shape) {
        require(
                lengths.getShape().equals(shape.slice(0, 1)),
                lengths,
                "one length for each of " + shape.get(0) + " samples");
        if (lengths.getDevice().isGpu()) {
            return;
        }
        for (long length : lengths.toLongArray()) {
            if (length < 1 || length > shape.get(1)) {
                throw new DataException(ClassName.of(this) + " got a length of " + length
                        + ", but it must be from 1 to " + shape.get(1) + ", the number of steps.");
            }
        }
    }

    /** Padding behind the lengths of samples is counted as well. */
    @Override
    public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        return OptionalLong.of(LayerFlops.applied(LayerFlops.rows(inputs.get(0)), parameters.values()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long samples = inputShapes[0].get(0);
        Shape[] shapes = new Shape[1 + states];
        shapes[0] = new Shape(samples, inputShapes[0].get(1), (long) options.directions() * hiddenSize);
        for (int i = 1; i <= states; i++) {
            shapes[i] = new Shape((long) options.layers * options.directions(), samples, hiddenSize);
        }
        return shapes;
    }
}
