package io.github.lightning4j.report;

import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The checkpoints a run has left. */
final class SavedFiles {
    private static final int MOST = 50;

    private SavedFiles() {}

    private record Saved(String name, long bytes, long written) {}

    /** The best checkpoints, as the callbacks that saved them see it. */
    static List<Map<String, Object>> best(Run run) {
        List<Map<String, Object>> best = new ArrayList<>();
        run.callbacks().forEach(callback -> {
            Path path = callback instanceof CheckpointCallback saver ? saver.bestModelPath() : null;
            if (path != null) {
                CheckpointCallback saver = (CheckpointCallback) callback;
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", String.valueOf(path.getFileName()));
                one.put("monitor", saver.monitor());
                one.put("score", saver.bestModelScore());
                best.add(one);
            }
        });
        return best;
    }

    /** The files in the run's folder of checkpoints, oldest first; of many the newest. */
    static List<Map<String, Object>> in(Path directory) {
        Path folder = CheckpointFolder.of(directory);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Saved> saved = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .map(SavedFiles::saved)
                    .sorted(Comparator.comparing(Saved::written).thenComparing(Saved::name))
                    .toList();
            return saved.subList(Math.max(0, saved.size() - MOST), saved.size()).stream()
                    .map(file -> Map.<String, Object>of("name", file.name, "bytes", file.bytes))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static Saved saved(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Saved(
                    String.valueOf(file.getFileName()),
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
