package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.internal.Document;
import io.github.lightning4j.internal.io.ByteOrderMark;
import io.github.lightning4j.internal.io.Json;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics known at the end of each epoch: a line of {@value #NAME} each, in the run directory. A checkpoint holds the
 * length and the SHA-256 of the file as it was, so that its size does not depend on how long the run has been.
 */
public final class RunHistory implements Stateful, AutoCloseable {
    /** The file's name. */
    public static final String NAME = "history.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);

    private final List<Map<String, Double>> epochs = new ArrayList<>();
    private @Nullable Path own;
    private List<Path> sources = List.of();
    private HistoryFile file = new HistoryFile(null);
    private long missing;

    /**
     * Says where it lies. Without this it is in memory alone.
     *
     * @param directory the directory whose file is written, or null
     * @param others directories in which a resumed run may find its history as well, or null
     */
    public void place(@Nullable Path directory, @Nullable Path... others) {
        own = directory == null ? null : directory.resolve(NAME);
        file = new HistoryFile(own);
        List<Path> places = new ArrayList<>();
        if (own != null) {
            places.add(own);
        }
        for (Path other : others) {
            if (other != null) {
                places.add(other.resolve(NAME));
            }
        }
        sources = places;
    }

    /** Adds an epoch. */
    public void add(Map<String, Double> metrics) {
        Map<String, Double> epoch = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        epochs.add(epoch);
        file.append(line(epoch));
    }

    /** The metrics, one map an epoch; without epochs whose history was not found. */
    public List<Map<String, Double>> epochs() {
        return List.copyOf(epochs);
    }

    private static byte[] line(Map<String, Double> metrics) {
        Map<String, Object> object = new TreeMap<>();
        object.put("names", List.copyOf(metrics.keySet()));
        object.put("values", List.copyOf(metrics.values()));
        return (Json.write(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Double> parse(String line) throws IOException {
        Map<String, Object> object = Json.parse(line);
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (object.get("names") instanceof List<?> names && object.get("values") instanceof List<?> values) {
            for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
                Double value = Json.toDouble(values.get(i));
                metrics.put(String.valueOf(names.get(i)), value == null ? Double.NaN : value);
            }
        }
        return Collections.unmodifiableMap(metrics);
    }

    @Override
    public void save(StateWriter state) {
        file.force();
        state.putLong("missing", missing);
        state.putLong("epochs", epochs.size());
        state.putLong("length", file.length());
        state.putString("sha256", file.sha256());
    }

    @Override
    public void load(StateReader state) {
        epochs.clear();
        missing = 0;
        if (state.has("sha256")) {
            loadFrom(state);
        } else {
            loadInside(state);
        }
    }

    private void loadFrom(StateReader state) {
        missing = state.getLong("missing", 0);
        long saved = state.getLong("epochs", 0);
        long length = state.getLong("length", 0);
        String sha256 = state.getString("sha256");
        for (Path source : sources) {
            if (take(source, length, sha256)) {
                return;
            }
        }
        if (own != null) {
            HistoryFile.setAside(own);
        }
        if (saved > 0) {
            missing += saved;
            LOG.warn(
                    "The history of {} epochs is missing: no {} beside the checkpoint or in the run directory begins as the"
                            + " checkpoint says. The run goes on, and FitResult.history() begins with its next epoch.",
                    saved,
                    NAME);
        }
    }

    /** Takes the beginning of a file as the history, if it is that. */
    private boolean take(Path source, long length, String sha256) {
        try {
            byte[] before = length == 0 ? new byte[0] : beginning(source, length);
            if (!HexFormat.of().formatHex(Document.sha256().digest(before)).equals(sha256)) {
                return false;
            }
            List<Map<String, Double>> read = new ArrayList<>();
            for (String line :
                    new String(before, StandardCharsets.UTF_8).lines().toList()) {
                read.add(parse(line));
            }
            epochs.addAll(read);
            file = HistoryFile.after(before, own);
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", source, e.toString());
            return false;
        }
    }

    /** The first so many bytes, or fewer if it has not so many. */
    private static byte[] beginning(Path source, long length) throws IOException {
        if (!Files.isRegularFile(source) || Files.size(source) < length || length > Integer.MAX_VALUE - 16) {
            return new byte[0];
        }
        try (InputStream stream = new FileInputStream(source.toFile())) {
            byte[] text = ByteOrderMark.strip(stream.readNBytes((int) length + ByteOrderMark.LENGTH));
            return Arrays.copyOf(text, (int) Math.min(length, text.length));
        }
    }

    /** Earlier checkpoints held all of it. */
    private void loadInside(StateReader state) {
        for (int i = 0; state.has(Integer.toString(i)); i++) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            LogBook.loadValues(state.child(Integer.toString(i)), metrics);
            add(metrics);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
