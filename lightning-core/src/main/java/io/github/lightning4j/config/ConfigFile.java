package io.github.lightning4j.config;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.ByteOrderMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A file of names and values, in the format that its name ends with. */
final class ConfigFile {
    private final Path path;
    private final ConfigFormat format;

    private ConfigFile(Path path, ConfigFormat format) {
        this.path = path;
        this.format = format;
    }

    static ConfigFile of(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return new ConfigFile(path, new JsonFormat());
        }
        if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw new ConfigurationException(
                    "'" + path + "' is no file of settings: its name has to end in .yaml, .yml or .json.");
        }
        if (!hasYaml()) {
            throw new ConfigurationException(
                    path + " is YAML, which org.snakeyaml:snakeyaml-engine reads and writes; it is"
                            + " not on the class path. Add it to the dependencies, or use a .json file.");
        }
        return new ConfigFile(path, new YamlFormat());
    }

    static boolean hasYaml() {
        try {
            Class.forName("org.snakeyaml.engine.v2.api.Load", false, ConfigFile.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    Map<String, Object> read() {
        try {
            byte[] bytes = ByteOrderMark.strip(Files.readAllBytes(path));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return format.parse(text, String.valueOf(path.getFileName()));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("There is no file " + path.toAbsolutePath() + ".", e);
        } catch (IOException e) {
            throw new ConfigurationException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    void write(Map<String, Object> values) {
        String text = format.text(values);
        try {
            AtomicFile.write(path, text);
        } catch (IOException e) {
            throw new LightningException("Cannot write " + path + ": " + e, e);
        }
    }
}
