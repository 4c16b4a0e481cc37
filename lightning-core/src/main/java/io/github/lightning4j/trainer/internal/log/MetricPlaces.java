package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Metric;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.LogPolicy;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/** Where each metric object is logged. One object holds one value, so training, evaluation and each loader need their own. */
final class MetricPlaces {
    static final int ALL_LOADERS = -1;

    private final Map<Metric, Place> places = new IdentityHashMap<>();
    private final Map<Metric, Object> beforeEvaluation = new IdentityHashMap<>();

    /** A hook and an evaluation loader. */
    private record Place(Hook hook, int loader, String name) {
        boolean isApartFrom(Place other) {
            return hook.isEvaluation() != other.hook.isEvaluation()
                    || (loader != other.loader && loader != ALL_LOADERS && other.loader != ALL_LOADERS);
        }

        @Override
        public String toString() {
            return hook.label() + (loader == ALL_LOADERS ? "" : " of loader " + loader) + " as '" + name + "'";
        }
    }

    /** Notes where a metric is logged, and refuses a second place whose value would be mixed with the first one's. */
    void claim(Metric metric, Hook hook, int loader, String name) {
        boolean ofOneLoader = hook.isEvaluation() && hook.policy() != LogPolicy.EPOCH_ONLY;
        Place place = new Place(hook, ofOneLoader ? loader : ALL_LOADERS, name);
        Place first = places.putIfAbsent(metric, place);
        if (first != null && first.isApartFrom(place)) {
            throw new ConfigurationException("One metric object is logged in " + first + " and in " + place
                    + ", so its value would be of both. Register one for each: metric(\"" + name + "\", new "
                    + ClassName.of(metric) + "(...)).");
        }
    }

    /** Notes the states with which an evaluation begins. */
    void evaluationStarts(Collection<Metric> metrics) {
        for (Metric metric : metrics) {
            beforeEvaluation.put(metric, StateContents.of(metric.sinceReset()));
        }
    }

    /**
     * Refuses metrics that are logged on one side and updated on the other. Those of the evaluation are empty before it and
     * after it, and those of the training are not touched by it.
     */
    void evaluationEnds() {
        beforeEvaluation.forEach((metric, before) -> {
            Place place = places.get(metric);
            if (place != null && !before.equals(StateContents.of(metric.sinceReset()))) {
                throw new ConfigurationException("A metric object that is logged in " + place + " is updated in the "
                        + (place.hook.isEvaluation() ? "training" : "evaluation")
                        + " too, so its value is of both. Register one for each: metric(\"" + place.name + "\", new "
                        + ClassName.of(metric) + "(...)).");
            }
        });
        beforeEvaluation.clear();
    }

    void clear() {
        places.clear();
        beforeEvaluation.clear();
    }
}
