package io.github.lightning4j.search;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.io.AtomicFile;
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
import org.jspecify.annotations.Nullable;

/** What a search has done so far: {@code trials.json} in its directory, written anew after each stint. */
final class Journal {
    private static final String NAME = "trials.json";
    private static final String TRIALS = "trials";

    private final Path file;
    private final Map<String, Object> plan;

    /** The plan is what must be the same whenever the search is started again. */
    Journal(Path directory, Map<String, Object> plan) {
        this.file = directory.resolve(NAME);
        this.plan = plan;
    }

    /** The seed of an earlier start in a directory; the one given if there was none. */
    static long seed(Path directory, long otherwise) {
        Path file = directory.resolve(NAME);
        return Files.exists(file) && read(file).get("seed") instanceof Long saved ? saved : otherwise;
    }

    /** The stints of each trial as an earlier start wrote them; none if there was none. */
    List<List<Stint>> load(List<Point> points) {
        if (!Files.exists(file)) {
            return List.of();
        }
        Map<String, Object> saved = read(file);
        plan.forEach((key, value) -> require(key, saved.get(key), value));
        List<List<Stint>> all = new ArrayList<>();
        for (Object one : list(saved.get(TRIALS))) {
            Map<?, ?> trial = map(one);
            require("trial " + all.size(), trial.get("values"), texts(points.get(all.size())));
            List<Stint> stints = new ArrayList<>();
            for (Object stint : list(trial.get("stints"))) {
                stints.add(stint(map(stint)));
            }
            all.add(stints);
        }
        return all;
    }

    private void require(String what, @Nullable Object saved, Object now) {
        if (!Objects.equals(saved, now)) {
            throw new ConfigurationException(file.getParent() + " holds a search with another " + what + ": " + saved
                    + ", not " + now + ". Go on with the same search, or choose another directory.");
        }
    }

    private Stint stint(Map<?, ?> saved) {
        Map<String, Double> metrics = new TreeMap<>();
        map(saved.get("metrics")).forEach((name, value) -> metrics.put((String) name, number(value)));
        if (!(saved.get("epochs") instanceof Long epochs) || !(saved.get("weightsSha256") instanceof String sha)) {
            throw damaged();
        }
        return new Stint(epochs, number(saved.get("value")), metrics, sha);
    }

    void save(List<Point> points, Course course) {
        List<Object> trials = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            List<Object> stints = new ArrayList<>();
            for (Stint stint : course.stints(i)) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("epochs", stint.epochs());
                one.put("value", stint.value());
                one.put("metrics", new TreeMap<>(stint.metrics()));
                one.put("weightsSha256", stint.weightsSha256());
                stints.add(one);
            }
            trials.add(Map.of("values", texts(points.get(i)), "stints", stints));
        }
        Map<String, Object> content = new LinkedHashMap<>(plan);
        content.put(TRIALS, trials);
        try {
            AtomicFile.write(file, Json.pretty(content) + System.lineSeparator());
        } catch (IOException e) {
            throw new LightningException("The trials could not be written to " + file + ": " + e + ".", e);
        }
    }

    /** Values as text, so that those of any type can be compared. */
    private static Map<String, Object> texts(Point point) {
        Map<String, Object> texts = new TreeMap<>();
        point.values().forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    private double number(@Nullable Object value) {
        Double number = value == null ? null : Json.toDouble(value);
        if (number == null) {
            throw damaged();
        }
        return number;
    }

    private List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw damaged();
    }

    private Map<?, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw damaged();
    }

    private LightningException damaged() {
        return new LightningException(file + " is damaged. Restore it, or choose another directory.");
    }

    private static Map<String, Object> read(Path file) {
        try {
            return Json.parse(Files.readString(file));
        } catch (IOException e) {
            throw new LightningException(
                    file + " cannot be read: " + e.getMessage() + ". Restore it, or choose another directory.", e);
        }
    }
}
