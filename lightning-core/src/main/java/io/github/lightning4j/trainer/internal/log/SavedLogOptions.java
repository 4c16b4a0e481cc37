package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Reduction;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.StepValue;

/** Log options in a checkpoint; what the user left open stays open. */
final class SavedLogOptions {
    private static final String DEFAULT = "default";

    private SavedLogOptions() {}

    static void save(LogOptions options, StateWriter state) {
        state.putString("on_step", choice(options.isOnStep(false), options.isOnStep(true)));
        state.putString("on_epoch", choice(options.isOnEpoch(false), options.isOnEpoch(true)));
        state.putBoolean("progress_bar", options.isOnProgressBar());
        state.putBoolean("logger", options.isToLogger());
        state.putString("reduction", options.reduction().name());
        state.putLong("batch_size", options.batchSize());
        state.putString("step_value", options.stepValue().name());
    }

    private static String choice(boolean withFalseDefault, boolean withTrueDefault) {
        return withFalseDefault == withTrueDefault ? String.valueOf(withTrueDefault) : DEFAULT;
    }

    private static boolean truth(String choice) {
        return switch (choice) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new CheckpointException(
                        "The checkpoint says '" + choice + "' of when a value was logged, which is"
                                + " none of default, true and false. Use another checkpoint.");
        };
    }

    static LogOptions load(StateReader state) {
        LogOptions options = LogOptions.defaults()
                .onProgressBar(state.getBoolean("progress_bar"))
                .toLogger(state.getBoolean("logger"))
                .reduce(state.getEnum("reduction", Reduction.class));
        if (state.has("step_value")) {
            options = options.stepValue(state.getEnum("step_value", StepValue.class));
        }
        String onStep = state.getString("on_step");
        String onEpoch = state.getString("on_epoch");
        int batchSize = state.getInt("batch_size", 0);
        options = DEFAULT.equals(onStep) ? options : options.onStep(truth(onStep));
        options = DEFAULT.equals(onEpoch) ? options : options.onEpoch(truth(onEpoch));
        return batchSize == 0 ? options : options.batchSize(batchSize);
    }
}
