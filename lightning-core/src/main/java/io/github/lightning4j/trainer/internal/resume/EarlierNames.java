package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.internal.name.FreeName;
import io.github.lightning4j.internal.name.KeyName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What gradients were called in checkpoints of format 1: as the optimizer had been given their parameters, numbered from the
 * second of one name on, in the order of its groups.
 */
final class EarlierNames {
    private static final String GROUPS = "groups";
    private static final String PARAMETERS = "parameters";

    private EarlierNames() {}

    /** The name in the checkpoint and the present one; the same two for later formats. */
    static Map<String, String> ofGradients(Optimizer optimizer, StateReader saved) {
        Map<String, String> present = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (ParamGroup group : optimizer.paramGroups()) {
            List<String> then = parameters(group, saved);
            List<String> now = group.present(then);
            for (int i = 0; i < then.size(); i++) {
                present.put(FreeName.take(then.get(i), taken), now.get(i));
            }
        }
        return present;
    }

    /** DJL's optimizers have one group, which has no name in their state. */
    private static List<String> parameters(ParamGroup group, StateReader saved) {
        String key = KeyName.of(group.name());
        StateReader owner = saved.has(GROUPS) && saved.child(GROUPS).has(key)
                ? saved.child(GROUPS).child(key)
                : saved;
        return owner.has(PARAMETERS) ? owner.getStrings(PARAMETERS) : List.of();
    }
}
