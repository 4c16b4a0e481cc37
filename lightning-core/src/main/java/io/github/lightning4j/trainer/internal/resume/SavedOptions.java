package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Trainer's options in a checkpoint. They are there to be compared: those given now count. */
final class SavedOptions {
    private final Map<String, String> options = new LinkedHashMap<>();

    SavedOptions(TrainerOptions given) {
        putAll(given.stop());
        putAll(given.gradients());
        putAll(given.intervals());
        put("limitTrainBatches", given.batches().limitTrainBatches());
        put("limitValBatches", given.batches().limitValBatches());
        put("precision", given.compute().precision());
    }

    /** Each component of a record, under the name the builder and the user know it by. */
    private void putAll(Record concern) {
        for (RecordComponent option : concern.getClass().getRecordComponents()) {
            put(option.getName(), valueOf(option, concern));
        }
    }

    private static Object valueOf(RecordComponent option, Record concern) {
        try {
            @Nullable Object value = option.getAccessor().invoke(concern);
            return value == null ? "none" : value;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(option + " cannot be read", e);
        }
    }

    private void put(String option, Object value) {
        options.put(option, value.toString());
    }

    void save(StateWriter state) {
        options.forEach(state::putString);
    }

    void reportChanges(StateReader state) {
        Map<String, String> before = new LinkedHashMap<>();
        options.forEach((option, now) -> before.put(option, state.has(option) ? state.getString(option) : now));
        Changes.report("", before, options);
    }
}
