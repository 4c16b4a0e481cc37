package io.github.lightning4j.checkpoint;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Utils;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.internal.name.ClassName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Export to where DJL itself looks for models. */
public final class ModelExport {
    private ModelExport() {}

    /**
     * Saves a trained module as a DJL model: {@code Model.newInstance(name)}, {@code setBlock} with a module of the same
     * structure, {@code load(folder, name)} and {@code newPredictor} read it. As with DJL, each export gets the next number
     * and the highest number is loaded. The file is there completely or not at all.
     *
     * @param module an initialised module, or any block; it is not changed
     * @param folder the model's folder, made if it is missing
     * @param name the model's name
     * @return the file, {@code <name>-0000.params} the first time
     * @throws ConfigurationException if the module is not initialised or the name is no file name
     * @throws CheckpointException if the file cannot be written
     */
    public static Path export(Block module, Path folder, String name) {
        if (!module.isInitialized()) {
            throw new ConfigurationException(ClassName.of(module)
                    + " is not initialised, so there is nothing to export. Train it or load a checkpoint first.");
        }
        if (name.isBlank() || !Path.of(name).equals(Path.of(name).getFileName())) {
            throw new ConfigurationException("'" + name + "' is no name for a model; it must be a plain file name.");
        }
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempDirectory("lightning4j-export");
            try {
                Path saved = save(module, draft, name);
                int number = Utils.getCurrentEpoch(folder, name) + 1;
                Path file = folder.resolve(String.format(Locale.ROOT, "%s-%04d.params", name, number));
                CheckpointFile.write(file, channel -> copy(saved, channel));
                return file;
            } finally {
                Utils.deleteQuietly(draft);
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot export a model to " + folder + ": " + e, e);
        }
    }

    private static Path save(Block module, Path draft, String name) throws IOException {
        try (Model model = Model.newInstance(name, "PyTorch")) {
            model.setBlock(module);
            Weights.parameters(module).values().stream()
                    .filter(Parameter::requiresGradient)
                    .findFirst()
                    .ifPresent(
                            parameter -> model.setDataType(parameter.getArray().getDataType()));
            model.save(draft, name);
        }
        return draft.resolve(name + "-0000.params");
    }

    private static void copy(Path from, FileChannel to) throws IOException {
        try (InputStream in = Files.newInputStream(from)) {
            in.transferTo(Channels.newOutputStream(to));
        }
    }
}
