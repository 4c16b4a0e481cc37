package io.github.lightning4j.trainer;

import io.github.lightning4j.config.Config;
import io.github.lightning4j.internal.name.NearestName;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Trainer's options that environment variables preset: {@code LIGHTNING4J_MAX_EPOCHS=1}. */
final class EnvironmentPresets {
    static final String PREFIX = "LIGHTNING4J_";

    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentPresets.class);
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private EnvironmentPresets() {}

    static void apply(Object builder, Map<String, String> environment) {
        Map<String, String> presets = new TreeMap<>(environment);
        presets.keySet().removeIf(variable -> !variable.startsWith(PREFIX));
        if (presets.isEmpty()) {
            return;
        }
        Map<String, String> options = Config.options(builder.getClass()).stream()
                .collect(Collectors.toMap(EnvironmentPresets::variable, option -> option));
        presets.forEach((variable, text) -> {
            String option = options.get(variable);
            if (option == null) {
                warn(variable, options.keySet());
            } else {
                Config.apply(builder, option, text, variable);
                LOG.info("{} is preset to {} by {}", option, text, variable);
            }
        });
    }

    /** {@code logEveryNSteps} is {@code LIGHTNING4J_LOG_EVERY_N_STEPS}. */
    static String variable(String option) {
        return PREFIX
                + option.replaceAll("([a-z])([A-Z])", "$1_$2")
                        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
                        .toUpperCase(Locale.ROOT);
    }

    private static void warn(String variable, Collection<String> known) {
        if (WARNED.add(variable)) {
            LOG.warn(
                    "The environment variable {} presets no option of the Trainer{}",
                    variable,
                    NearestName.of(variable, known)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse(""));
        }
    }
}
