package io.github.lightning4j.optim.scheduler;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.StreamSupport;

/** Builds schedules from torch's names and keyword arguments. */
final class TorchSchedules {
    private static final Map<String, LongToDoubleFunction> LAMBDAS = Map.of(
            "1/sqrt(epoch+1)", step -> 1 / Math.sqrt(step + 1),
            "0.95 ** epoch", step -> Math.pow(0.95, step),
            "0.9 if epoch % 3 == 0 else 1.05", step -> step % 3 == 0 ? 0.9 : 1.05);

    private final Optimizer optimizer;
    private final JsonObject arguments;

    private TorchSchedules(Optimizer optimizer, JsonObject arguments) {
        this.optimizer = optimizer;
        this.arguments = arguments;
    }

    /**
     * Builds a schedule.
     *
     * @param name torch's class name, and what comes after an underscore
     * @param arguments torch's keyword arguments
     * @param optimizer the optimizer
     * @return the schedule
     */
    static LrScheduler build(String name, JsonObject arguments, Optimizer optimizer) {
        return new TorchSchedules(optimizer, arguments).build(name.split("_")[0]);
    }

    private LrScheduler build(String kind) {
        return switch (kind) {
            case "LambdaLR" -> new LambdaLR(optimizer, LAMBDAS.get(text("lr_lambda", "")));
            case "MultiplicativeLR" -> new MultiplicativeLR(optimizer, LAMBDAS.get(text("lr_lambda", "")));
            case "StepLR" -> new StepLR(optimizer, count("step_size", 0), number("gamma", 0.1));
            case "MultiStepLR" -> new MultiStepLR(optimizer, number("gamma", 0.1), counts("milestones"));
            case "ConstantLR" -> new ConstantLR(optimizer, number("factor", 1 / 3.0), count("total_iters", 5));
            case "LinearLR" ->
                new LinearLR(
                        optimizer, number("start_factor", 1 / 3.0), number("end_factor", 1), count("total_iters", 5));
            case "ExponentialLR" -> new ExponentialLR(optimizer, number("gamma", 0));
            case "PolynomialLR" -> new PolynomialLR(optimizer, count("total_iters", 5), number("power", 1));
            case "CosineAnnealingLR" -> new CosineAnnealingLR(optimizer, count("T_max", 0), number("eta_min", 0));
            case "CosineAnnealingWarmRestarts" ->
                new CosineAnnealingWarmRestarts(optimizer, count("T_0", 0), count("T_mult", 1), number("eta_min", 0));
            case "CyclicLR" -> cyclic();
            case "OneCycleLR" -> oneCycle();
            case "ReduceLROnPlateau" -> plateau();
            case "SequentialLR" -> new SequentialLR(parts(), counts("milestones"));
            case "ChainedScheduler" -> new ChainedScheduler(parts().toArray(TorchScheduler[]::new));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private CyclicLR cyclic() {
        long up = count("step_size_up", 2000);
        return CyclicLR.builder(optimizer, number("base_lr", 0), number("max_lr", 0))
                .stepSize(up, count("step_size_down", up))
                .mode(CyclicLR.Mode.valueOf(text("mode", "triangular").toUpperCase(Locale.ROOT)))
                .gamma(number("gamma", 1))
                .cycleMomentum(flag("cycle_momentum", true))
                .momentum(number("base_momentum", 0.8), number("max_momentum", 0.9))
                .build();
    }

    private OneCycleLR oneCycle() {
        return OneCycleLR.builder(optimizer, count("total_steps", 0), number("max_lr", 0))
                .pctStart(number("pct_start", 0.3))
                .anneal(OneCycleLR.Anneal.valueOf(text("anneal_strategy", "cos").toUpperCase(Locale.ROOT)))
                .cycleMomentum(flag("cycle_momentum", true))
                .momentum(number("base_momentum", 0.85), number("max_momentum", 0.95))
                .divFactor(number("div_factor", 25))
                .finalDivFactor(number("final_div_factor", 1e4))
                .threePhase(flag("three_phase", false))
                .build();
    }

    private ReduceLROnPlateau plateau() {
        return ReduceLROnPlateau.builder(optimizer)
                .mode(Mode.valueOf(text("mode", "min").toUpperCase(Locale.ROOT)))
                .factor(number("factor", 0.1))
                .patience(count("patience", 10))
                .threshold(
                        number("threshold", 1e-4),
                        ReduceLROnPlateau.ThresholdMode.valueOf(
                                text("threshold_mode", "rel").toUpperCase(Locale.ROOT)))
                .cooldown(count("cooldown", 0))
                .minLr(number("min_lr", 0))
                .eps(number("eps", 1e-8))
                .build();
    }

    private List<TorchScheduler> parts() {
        return StreamSupport.stream(arguments.getAsJsonArray("schedulers").spliterator(), false)
                .map(JsonElement::getAsString)
                .map(this::part)
                .toList();
    }

    private TorchScheduler part(String call) {
        double[] values = Arrays.stream(
                        call.substring(call.indexOf('(') + 1, call.length() - 1).split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return switch (call.substring(0, call.indexOf('('))) {
            case "LinearLR" -> new LinearLR(optimizer, values[0], values[1], (long) values[2]);
            case "CosineAnnealingLR" -> new CosineAnnealingLR(optimizer, (long) values[0]);
            case "ConstantLR" -> new ConstantLR(optimizer, values[0], (long) values[1]);
            case "ExponentialLR" -> new ExponentialLR(optimizer, values[0]);
            case "StepLR" -> new StepLR(optimizer, (long) values[0], values[1]);
            case "PolynomialLR" -> new PolynomialLR(optimizer, (long) values[0], values[1]);
            case "CosineAnnealingWarmRestarts" -> new CosineAnnealingWarmRestarts(optimizer, (long) values[0]);
            default -> throw new IllegalArgumentException(call);
        };
    }

    private double number(String key, double otherwise) {
        return arguments.has(key) ? arguments.get(key).getAsDouble() : otherwise;
    }

    private long count(String key, long otherwise) {
        return arguments.has(key) ? arguments.get(key).getAsLong() : otherwise;
    }

    private long[] counts(String key) {
        return StreamSupport.stream(arguments.getAsJsonArray(key).spliterator(), false)
                .mapToLong(JsonElement::getAsLong)
                .toArray();
    }

    private boolean flag(String key, boolean otherwise) {
        return arguments.has(key) ? arguments.get(key).getAsBoolean() : otherwise;
    }

    private String text(String key, String otherwise) {
        return arguments.has(key) ? arguments.get(key).getAsString() : otherwise;
    }
}
