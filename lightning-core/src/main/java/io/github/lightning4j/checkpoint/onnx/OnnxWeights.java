package io.github.lightning4j.checkpoint.onnx;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.checkpoint.internal.SavedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a network that was exported to ONNX, for a module of the same structure in Java. Needs
 * {@code com.google.protobuf:protobuf-java}.
 *
 * <p>torch's exporter keeps the names of most parameters. Those it leaves without one, as {@code onnx::MatMul_1234}, get the
 * name of the layer that uses them, which the graph still has: {@code encoder.layer.0.query.weight}. The matrix of such a
 * product is stored as (in, out), and is given back as (out, in), as a Linear has it. Graphs of other exporters keep their
 * names.
 *
 * <pre>{@code
 * try (WeightsFile weights = OnnxWeights.open(Path.of("model.onnx"))) {
 *     weights.restoreInto(encoder);
 * }
 * }</pre>
 */
public final class OnnxWeights {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxWeights.class);

    private OnnxWeights() {}

    /**
     * Opens a file. It is read into memory whole.
     *
     * @param file an ONNX model, its weights in it or in files beside it
     * @return its initializers, to be closed
     * @throws CheckpointException if the file is missing or no ONNX model
     * @throws ConfigurationException if protobuf-java is not on the class path
     */
    public static WeightsFile open(Path file) {
        requireProtobuf();
        try {
            OnnxMessage graph = OnnxMessage.model(Files.readAllBytes(file)).message("graph");
            List<OnnxMessage> initializers = graph.messages("initializer");
            if (initializers.isEmpty()) {
                throw new CheckpointException(file + " is no ONNX model, or one without weights.");
            }
            OnnxTensors tensors = new OnnxTensors(file, initializers);
            List<SavedTensor> named = new TorchNames(graph).of(tensors);
            report(file, named);
            return WeightsFile.of(tensors, named, () -> {});
        } catch (IOException e) {
            throw new CheckpointException(
                    Files.exists(file)
                            ? "Cannot read " + file + " as an ONNX model: " + e
                            : "There is no file " + file + ".",
                    e);
        }
    }

    private static void requireProtobuf() {
        try {
            Class.forName("com.google.protobuf.DynamicMessage");
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(
                    "ONNX files are read by com.google.protobuf:protobuf-java, which is not on the class path. Add it to"
                            + " the dependencies.",
                    e);
        }
    }

    private static void report(Path file, List<SavedTensor> named) {
        long renamed = named.stream()
                .filter(tensor -> !tensor.name().equals(tensor.stored().name()))
                .count();
        long transposed = named.stream().filter(SavedTensor::transposed).count();
        if (renamed > 0) {
            LOG.info(
                    "{} of the {} weights of {} had no name and got that of the layer that uses them; {} of these are"
                            + " transposed to (out, in)",
                    renamed,
                    named.size(),
                    file.getFileName(),
                    transposed);
        }
    }
}
