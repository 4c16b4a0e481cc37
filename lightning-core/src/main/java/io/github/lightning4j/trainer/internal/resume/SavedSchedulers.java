package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schedulers in a checkpoint, by their position. They may come and go between the starts of a run, which is said. */
final class SavedSchedulers {
    private static final Logger LOG = LoggerFactory.getLogger(SavedSchedulers.class);
    private static final String PLACE = "scheduler";

    private final OptimizerSet optimizers;

    SavedSchedulers(OptimizerSet optimizers) {
        this.optimizers = optimizers;
    }

    void save(StateTreeWriter root) {
        List<LrScheduler> schedulers = schedulers();
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).save(root.child(PLACE + "/" + i));
        }
    }

    private List<LrScheduler> schedulers() {
        return optimizers.schedulers().stream().map(SchedulerConfig::scheduler).toList();
    }

    /**
     * Restores the schedulers that were saved, around the optimizers, whose options a new scheduler has already set.
     *
     * @param loadOptimizers restores the optimizers
     */
    void load(StateTreeReader root, Runnable loadOptimizers) {
        List<LrScheduler> schedulers = schedulers();
        List<Runnable> fresh = new ArrayList<>();
        for (int i = 0; i < schedulers.size(); i++) {
            if (!isSaved(root, i)) {
                fresh.add(begun(schedulers.get(i)));
            }
        }
        loadOptimizers.run();
        for (int i = 0; i < schedulers.size(); i++) {
            if (isSaved(root, i)) {
                schedulers.get(i).load(root.child(PLACE + "/" + i));
            }
        }
        fresh.forEach(Runnable::run);
        leaveOut(root, schedulers.size());
    }

    private static boolean isSaved(StateTreeReader root, int index) {
        return root.has(PLACE) && root.child(PLACE).has(Integer.toString(index));
    }

    /** What a new scheduler did to the options of its groups when it was made, to be done again. */
    private static Runnable begun(LrScheduler scheduler) {
        LOG.info(
                "The scheduler {} is new in this run: it starts without saved state, at its first step",
                scheduler.name());
        Map<ParamGroup, Map<String, Double>> set = new LinkedHashMap<>();
        Map<ParamGroup, Double> initial = new LinkedHashMap<>();
        for (ParamGroup group : scheduler.optimizer().paramGroups()) {
            if (group.hasInitialLr()) {
                set.put(group, changed(group));
                initial.put(group, group.initialLr());
            }
        }
        return () -> {
            set.forEach((group, options) -> options.forEach(group::set));
            initial.forEach(ParamGroup::setInitialLr);
        };
    }

    private static Map<String, Double> changed(ParamGroup group) {
        Map<String, Double> changed = new LinkedHashMap<>(group.options());
        group.configured().forEach((option, value) -> {
            if (!option.equals(ParamGroup.LR)) {
                changed.remove(option, value);
            }
        });
        return changed;
    }

    private static void leaveOut(StateTreeReader root, int from) {
        for (int i = from; isSaved(root, i); i++) {
            StateTreeReader saved = root.child(PLACE + "/" + i);
            LOG.warn(
                    "The checkpoint holds the state of the scheduler {}, which this run does not have: learning rates stay"
                            + " as they were when the run was saved",
                    saved.has("scheduler") ? saved.getString("scheduler") : i);
            saved.skip();
        }
    }
}
