package io.github.lightning4j.checkpoint.onnx;

import io.github.lightning4j.checkpoint.internal.SavedTensor;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives the initializers that torch's exporter left without a name the one the parameter had in torch. The node that consumes
 * one is named after the layer, {@code /encoder/layer.0/query/MatMul}, and the operator tells the leaf; a matrix product has
 * its matrix as (in, out), where torch's Linear has (out, in).
 */
final class TorchNames {
    private static final Pattern ANONYMOUS = Pattern.compile("onnx::\\w+|\\d+|val_\\d+|_v_\\d+");
    private static final Pattern LAYER = Pattern.compile("/(.+)/(\\w+)");
    private static final Map<String, List<String>> LEAVES = Map.of(
            "MatMul", List.of("", "weight"),
            "Gemm", List.of("", "weight", "bias"),
            "Conv", List.of("", "weight", "bias"),
            "ConvTranspose", List.of("", "weight", "bias"),
            "Add", List.of("bias", "bias"),
            "PRelu", List.of("", "weight"),
            "Gather", List.of("weight", ""),
            "BatchNormalization", List.of("", "weight", "bias", "running_mean", "running_var"),
            "LayerNormalization", List.of("", "weight", "bias"));

    private final Map<String, Found> found = new HashMap<>();

    /** A name in torch, and whether the file has the matrix as (in, out). */
    private record Found(String name, boolean transposed) {}

    TorchNames(OnnxMessage graph) {
        for (OnnxMessage node : graph.messages("node")) {
            List<?> inputs = node.list("input");
            for (int i = 0; i < inputs.size(); i++) {
                String input = (String) inputs.get(i);
                Found name = ANONYMOUS.matcher(input).matches() ? name(node, i) : null;
                if (name != null) {
                    found.putIfAbsent(input, name);
                }
            }
        }
    }

    private static @Nullable Found name(OnnxMessage node, int input) {
        List<String> leaves = LEAVES.getOrDefault(node.text("op_type"), List.of());
        Matcher layer = LAYER.matcher(node.text("name"));
        if (input >= leaves.size() || leaves.get(input).isEmpty() || !layer.matches()) {
            return null;
        }
        return new Found(layer.group(1).replace('/', '.') + '.' + leaves.get(input), isStoredInOut(node, input));
    }

    private static boolean isStoredInOut(OnnxMessage node, int input) {
        if (input != 1) {
            return false;
        }
        return switch (node.text("op_type")) {
            case "MatMul" -> true;
            case "Gemm" ->
                node.messages("attribute").stream()
                        .noneMatch(each -> "transB".equals(each.text("name")) && each.number("i") != 0);
            default -> false;
        };
    }

    /** Every initializer; one for which no name was found, or a name that another has, keeps its own. */
    List<SavedTensor> of(OnnxTensors tensors) {
        Set<String> taken = new HashSet<>(tensors.tensors().keySet());
        List<SavedTensor> named = new ArrayList<>();
        for (TensorEntry entry : tensors.tensors().values()) {
            SavedTensor stored = SavedTensor.asStored(entry);
            Found better = found.get(entry.name());
            if (better == null || !taken.add(better.name)) {
                named.add(stored);
            } else {
                SavedTensor renamed = stored.named(better.name);
                named.add(better.transposed && entry.shape().dimension() == 2 ? renamed.exchanged() : renamed);
            }
        }
        return named;
    }
}
