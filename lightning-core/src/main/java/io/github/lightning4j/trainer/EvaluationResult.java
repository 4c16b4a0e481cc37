package io.github.lightning4j.trainer;

import io.github.lightning4j.ConfigurationException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a validation or a test has logged, reduced. It is a map of all of it, in which a value of one of several loaders is
 * named like {@code acc/dataloader_idx_1}, and has the values of each loader under their plain names.
 *
 * <pre>{@code
 * EvaluationResult result = trainer.test(module, clean, noisy);
 * double clean = result.loader(0).get("test_acc");
 * double noisy = result.loader(1).get("test_acc");
 * }</pre>
 */
public final class EvaluationResult extends AbstractMap<String, Double> {
    private static final Pattern OF_LOADER = Pattern.compile("(.+)/dataloader_idx" + "_(\\d+)(_step|_epoch)?");

    private final Map<String, Double> all;
    private final List<Map<String, Double>> byLoader = new ArrayList<>();

    EvaluationResult(Map<String, Double> metrics, int loaders) {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        for (int i = 0; i < loaders; i++) {
            byLoader.add(Collections.unmodifiableMap(ofLoader(i, loaders)));
        }
    }

    private Map<String, Double> ofLoader(int loader, int loaders) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            Matcher matcher = OF_LOADER.matcher(name);
            if (loaders == 1 || !matcher.matches()) {
                metrics.put(name, value);
            } else if (matcher.group(2).equals(Integer.toString(loader))) {
                metrics.put(matcher.group(1) + (matcher.group(3) == null ? "" : matcher.group(3)), value);
            }
        });
        return metrics;
    }

    /**
     * Everything logged.
     *
     * @return name and value, in the order in which they became known
     */
    public Map<String, Double> metrics() {
        return all;
    }

    /**
     * The number of loaders.
     *
     * @return 1 or more
     */
    public int loaders() {
        return byLoader.size();
    }

    /**
     * What was logged of one loader, under the names it was logged by, and what was logged of all of them together.
     *
     * @param index the loader, from 0 in the order given
     * @return name and value
     * @throws ConfigurationException if there is no such loader
     */
    public Map<String, Double> loader(int index) {
        if (index < 0 || index >= byLoader.size()) {
            throw new ConfigurationException("loader(" + index + "): there are " + byLoader.size()
                    + " loaders, counted from 0. Give one of them.");
        }
        return byLoader.get(index);
    }

    /**
     * The values as a table for people, a column for each loader. Of a metric with values of steps and of the evaluation it
     * has that of the evaluation.
     *
     * @param title what is above the names, such as {@code test}
     * @return lines, the last with an end too; empty if nothing was logged
     */
    public String table(String title) {
        return new ResultTable(title, byLoader).toString();
    }

    @Override
    public Set<Entry<String, Double>> entrySet() {
        return all.entrySet();
    }
}
