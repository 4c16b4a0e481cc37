package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.checkpoint.internal.SafetensorsWriter;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.nn.LoRA;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adapters alone, as Hugging Face's peft keeps them: a folder with {@code adapter_model.safetensors} and {@code
 * adapter_config.json}. They are small, and go on any copy of the pretrained network. Of {@code MultiheadAttention} peft 0.21
 * counts the adapter of the projection twice, so there its outputs differ from ours.
 *
 * <pre>{@code
 * LoraFile.save(encoder, folder);
 * LoraFile.load(another, folder);
 * }</pre>
 */
public final class LoraFile {
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";
    private static final String PREFIX = "base_model.model.";

    private static final String WRAPPED = ".base_layer.";

    private LoraFile() {}

    /**
     * Writes the adapters of a block.
     *
     * @param block the part of a module that {@link LoRA} was applied to, with adapters that have values
     * @param folder where to; made if it does not exist
     * @throws ConfigurationException if the block has no adapters, or some of several settings
     * @throws CheckpointException if a file cannot be written
     */
    public static void save(Block block, Path folder) {
        LoRA lora = LoRA.of(block)
                .orElseThrow(() -> new ConfigurationException(
                        ClassName.of(block) + " has no adapters to save. Name the block that LoRA was applied to."));
        Map<String, NDArray> arrays = new TreeMap<>();
        Map<String, Parameter> adapters = LoRA.parameters(block);
        adapters.forEach((name, parameter) -> arrays.put(PREFIX + ofPeft(name, adapters), parameter.getArray()));
        Map<String, Object> config = new TreeMap<>();
        config.put("peft_type", "LORA");
        config.put("r", lora.rank());
        config.put("lora_alpha", lora.alpha());
        config.put("lora_dropout", lora.dropout());
        config.put("bias", "none");
        config.put("target_modules", lora.targets().isEmpty() ? layers(arrays.keySet()) : lora.targets());
        try {
            Files.createDirectories(folder);
            CheckpointFile.write(folder.resolve(WEIGHTS), new SafetensorsWriter(Map.of(), arrays)::writeTo);
            AtomicFile.write(folder.resolve(CONFIG), Json.pretty(config));
        } catch (IOException e) {
            throw new CheckpointException("The adapters cannot be written to " + folder + ": " + e + ".", e);
        }
    }

    /** peft wraps attention that has adapters, and its projection lies within the wrapped one. */
    private static String ofPeft(String name, Map<String, Parameter> adapters) {
        int projection = name.lastIndexOf(".out_proj.lora_");
        return projection >= 0 && adapters.containsKey(name.substring(0, projection) + ".lora_A.weight")
                ? name.substring(0, projection) + WRAPPED + name.substring(projection + 1)
                : name;
    }

    /** The layers that have adapters, but for those within a layer that has them too. */
    private static List<String> layers(Collection<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(PREFIX) && name.contains(".lora_") && !name.contains(WRAPPED))
                .map(name -> name.substring(PREFIX.length(), name.lastIndexOf(".lora_")))
                .distinct()
                .toList();
    }

    /**
     * Puts saved adapters on a block, with their settings and values, and freezes everything else in it.
     *
     * @param block the network the adapters were trained for, initialised; without adapters, or with those that were saved
     * @param folder what {@link #save} or peft wrote
     * @throws CheckpointException if a file is missing or cannot be read, or the adapters do not fit the block
     * @throws ConfigurationException if the block lacks a layer that has adapters in the file
     */
    public static void load(Block block, Path folder) {
        try (WeightsFile weights = Checkpoint.openWeights(folder.resolve(WEIGHTS))) {
            if (LoRA.of(block).isEmpty()) {
                settings(folder.resolve(CONFIG), layers(weights.tensors().keySet()))
                        .applyTo(block);
            }
            Map<String, Parameter> adapters = LoRA.parameters(block);
            initialize(block, adapters);
            WeightsMatch match =
                    weights.match(block, Names.prefix(PREFIX, ""), Names.of(name -> name.replace(WRAPPED, ".")));
            if (match.matching().size() < adapters.size()
                    || !match.unexpected().isEmpty()
                    || !match.different().isEmpty()) {
                throw new CheckpointException("The adapters in " + folder + " do not fit " + ClassName.of(block)
                        + ". Only in the file: " + match.unexpected() + ". Different: " + match.different()
                        + ". The block has adapters on " + adapters.keySet() + ".");
            }
            match.apply();
        }
    }

    private static LoRA settings(Path file, List<String> layers) {
        try {
            Map<String, Object> config = Json.parse(Files.readString(file));
            return LoRA.builder((int) number(config, "r", 8))
                    .alpha(number(config, "lora_alpha", 8))
                    .dropout(number(config, "lora_dropout", 0))
                    .targets(layers.toArray(new String[0]))
                    .build();
        } catch (IOException e) {
            throw new CheckpointException(
                    Files.exists(file)
                            ? file + " cannot be read as JSON: " + e + "."
                            : "There is no file " + file + "; adapters are a folder with it.",
                    e);
        }
    }

    private static double number(Map<String, Object> config, String name, double otherwise) {
        return config.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    private static void initialize(Block block, Map<String, Parameter> adapters) {
        Parameter initialized = Weights.parameters(block).values().stream()
                .filter(Parameter::isInitialized)
                .findFirst()
                .orElseThrow(() -> new CheckpointException(
                        ClassName.of(block) + " is not initialised. Load the pretrained weights before the adapters."));
        NDManager manager = initialized.getArray().getManager();
        DataType type = initialized.getArray().getDataType();
        MemoryScope.outside(() -> {
            adapters.values().forEach(parameter -> parameter.initialize(manager, type));
            return adapters;
        });
    }
}
