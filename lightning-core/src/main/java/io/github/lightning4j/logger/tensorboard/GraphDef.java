package io.github.lightning4j.logger.tensorboard;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.summary.Layer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layers of a module as TensorBoard's graph: a box for each, in boxes for those around it. Numbers of fields are those of
 * {@code graph.proto}, {@code node_def.proto}, {@code attr_value.proto} and {@code tensor_shape.proto}.
 *
 * <p>Arrows are drawn where blocks say how they go on: within sequential and parallel ones and those of a single layer. What others
 * do with their layers is in their code alone; they have a box {@code forward} beside these.
 */
final class GraphDef {
    private static final String INPUT = "input";
    private static final int PRODUCER = 22;

    private final Proto graph = new Proto();
    private final Set<String> taken = new HashSet<>();

    private GraphDef() {}

    static byte[] of(Block module) {
        GraphDef def = new GraphDef();
        def.walk("", module, def.input(module));
        return def.graph.message(4, new Proto().number(1, PRODUCER)).toBytes();
    }

    private List<String> input(Block module) {
        return List.of(node(INPUT, "Placeholder", List.of(), attribute("_output_shapes", shapes(inputs(module)))));
    }

    private static List<Shape> inputs(Block module) {
        try {
            return List.of(module.getInputShapes());
        } catch (RuntimeException e) {
            return List.of(); // a block that does not know throws whatever it likes
        }
    }

    /** Adds a block, and returns what comes out of it. */
    private List<String> walk(String path, Block block, List<String> inputs) {
        Map<String, Block> layers = ParameterNames.layers(block);
        if (layers.isEmpty()) {
            return List.of(node(path, block, inputs));
        }
        String folder = path.isEmpty() ? "" : path + "/";
        if (isChain(block, layers)) {
            List<String> latest = inputs;
            for (Map.Entry<String, Block> layer : layers.entrySet()) {
                latest = walk(folder + layer.getKey(), layer.getValue(), latest);
            }
            return latest;
        }
        boolean parallel = block instanceof ParallelBlock;
        List<String> outputs = new ArrayList<>();
        layers.forEach((name, layer) -> outputs.addAll(walk(folder + name, layer, parallel ? inputs : List.of())));
        return parallel ? outputs : List.of(node(folder + "forward", block, inputs));
    }

    private static boolean isChain(Block block, Map<String, Block> layers) {
        return block instanceof SequentialBlock
                || layers.size() == 1 && block.getDirectParameters().isEmpty();
    }

    private String node(String name, Block block, List<String> inputs) {
        List<Proto> attributes = new ArrayList<>();
        attributes.add(attribute("_output_shapes", shapes(Layer.outputs(block))));
        for (Pair<String, Parameter> own : block.getDirectParameters()) {
            attributes.add(attribute(
                    ParameterNames.leaf(block, own.getKey()), new Proto().bytes(2, described(own.getValue()))));
        }
        return node(name, Layer.of(name, block).type(), inputs, attributes.toArray(Proto[]::new));
    }

    private static byte[] described(Parameter parameter) {
        return (parameter.getShape() + (parameter.requiresGradient() ? " trainable" : " frozen"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Adds a box and returns its name, which holds what TensorFlow allows in one. */
    private String node(String name, String type, List<String> inputs, Proto... attributes) {
        String allowed = name.replaceAll("[^A-Za-z0-9_./-]", "_");
        while (!taken.add(allowed)) {
            allowed += "_";
        }
        Proto node = new Proto().text(1, allowed).text(2, type);
        inputs.forEach(input -> node.text(3, input));
        for (Proto attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
        return allowed;
    }

    private static Proto attribute(String name, Proto value) {
        return new Proto().text(1, name).message(2, value);
    }

    private static Proto shapes(List<Shape> shapes) {
        Proto list = new Proto();
        for (Shape shape : shapes) {
            Proto dimensions = new Proto();
            for (long size : shape.getShape()) {
                dimensions.message(2, new Proto().number(1, size));
            }
            list.message(7, dimensions);
        }
        return new Proto().message(1, list);
    }
}
