package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Tensors that lie in several safetensors files, as an index says: {@code model.safetensors.index.json}. */
public final class ShardedTensors implements TensorSource, AutoCloseable {
    private static final String INDEX_END = ".safetensors.index.json";
    private static final String MAP = "weight_map";

    private final Path index;
    private final Map<String, SafetensorsReader> readers = new LinkedHashMap<>();
    private final Map<String, SafetensorsReader> owners = new TreeMap<>();
    private final Map<String, TensorEntry> entries = new TreeMap<>();

    private ShardedTensors(Path index) {
        this.index = index;
    }

    /** Whether a path is that of an index. */
    public static boolean isIndex(Path path) {
        return path.toString().endsWith(INDEX_END);
    }

    /**
     * The only index in a folder, or its only safetensors file.
     *
     * @throws CheckpointException if there is neither, or several
     */
    public static Path inFolder(Path folder) {
        List<Path> indexes = list(folder, "*" + INDEX_END);
        List<Path> found = indexes.isEmpty() ? list(folder, "*.safetensors") : indexes;
        if (found.size() != 1) {
            throw new CheckpointException(
                    found.isEmpty()
                            ? folder + " holds no *.safetensors file and no *" + INDEX_END + "."
                            : folder + " holds several files of weights: "
                                    + found.stream().map(Path::getFileName).toList() + ". Name one of them.");
        }
        return found.get(0);
    }

    private static List<Path> list(Path folder, String glob) {
        List<Path> paths = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(folder, glob)) {
            stream.forEach(paths::add);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read the folder " + folder + ": " + e, e);
        }
        return paths;
    }

    /**
     * Opens all files that an index names.
     *
     * @throws CheckpointException if the index cannot be read, or a file or a tensor in it is missing
     */
    public static ShardedTensors open(Path index) {
        ShardedTensors sharded = new ShardedTensors(index);
        try {
            weightMap(index).forEach((name, file) -> sharded.add(name, String.valueOf(file)));
            return sharded;
        } catch (RuntimeException | Error e) {
            sharded.close();
            throw e;
        }
    }

    private static Map<?, ?> weightMap(Path index) {
        try {
            if (Json.parse(Files.readString(index)).get(MAP) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + index + ": " + e, e);
        }
        throw new CheckpointException(index + " is no index of safetensors files: it has no '" + MAP + "'.");
    }

    private void add(Object key, String file) {
        String name = String.valueOf(key);
        Path folder = Objects.requireNonNull(index.toAbsolutePath().normalize().getParent());
        Path shard = folder.resolve(file).normalize();
        if (!folder.equals(shard.getParent())) {
            throw new CheckpointException(
                    index + " says that '" + name + "' lies in " + file + ", but the files of an index lie beside it.");
        }
        SafetensorsReader reader = readers.computeIfAbsent(file, any -> SafetensorsReader.open(shard));
        TensorEntry entry = reader.tensors().get(name);
        if (entry == null) {
            throw new CheckpointException(index + " says that '" + name + "' lies in " + file + ", but it does not.");
        }
        owners.put(name, reader);
        entries.put(name, entry);
    }

    @Override
    public String description() {
        return index.toString();
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return entries;
    }

    @Override
    public void copyTo(TensorEntry tensor, NDArray target) {
        Objects.requireNonNull(owners.get(tensor.name())).copyTo(tensor, target);
    }

    @Override
    public void close() {
        readers.values().forEach(SafetensorsReader::close);
    }
}
