package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Trainer's options in a checkpoint. They are there to be compared: those given now count. */
final class SavedOptions {
    private static final Logger LOG = LoggerFactory.getLogger(SavedOptions.class);

    private final Map<String, String> options = new LinkedHashMap<>();

    SavedOptions(LoopOptions given) {
        put("maxEpochs", given.maxEpochs());
        put("minEpochs", given.minEpochs());
        put("maxSteps", given.maxSteps());
        put("minSteps", given.minSteps());
        put("maxTime", given.maxTime() == null ? "none" : given.maxTime());
        put("limitTrainBatches", given.limitTrain());
        put("limitValBatches", given.limitVal());
        put("valCheckInterval", given.valCheckInterval());
        put("logEveryNSteps", given.logEveryNSteps());
        put("accumulateGradBatches", given.accumulateGradBatches());
        put("gradientClipVal", given.gradientClipVal());
        put("gradientClipAlgorithm", given.gradientClipAlgorithm());
        put("precision", given.dataType());
    }

    private void put(String option, Object value) {
        options.put(option, value.toString());
    }

    void save(StateWriter state) {
        options.forEach(state::putString);
    }

    void reportChanges(StateReader state) {
        options.forEach((option, now) -> {
            String before = state.getString(option);
            if (!now.equals(before)) {
                LOG.info("{} was {} when the run was saved and is {} now; the new value is used", option, before, now);
            }
        });
    }
}
