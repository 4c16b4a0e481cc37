package io.github.lightning4j.testing;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What {@link OptimizerKit} finds out about an optimizer. */
record OptimizerChecks(Function<PairList<String, Parameter>, Optimizer> factory) {
    private static final int STEPS = 8;
    private static final int SAVED_AT = 3;

    /** Parameters and the optimizer that trains them. */
    private record Pupil(Trainees trainees, Optimizer optimizer) implements AutoCloseable {
        Pupil(Function<PairList<String, Parameter>, Optimizer> factory, Trainees trainees) {
            this(trainees, factory.apply(trainees.parameters()));
        }

        /** Steps as a training loop does, inside a memory scope. */
        void train(int from, int to) {
            for (int step = from; step < to; step++) {
                try (MemoryScope scope = MemoryScope.open()) {
                    scope.suppressNotUsedWarning();
                    step(step);
                }
            }
        }

        private void step(int step) {
            if (optimizer.needsClosure()) {
                optimizer.step(() -> backward(step));
                return;
            }
            backward(step);
            optimizer.step();
        }

        private double backward(int step) {
            optimizer.zeroGrad();
            return trainees.backward(step);
        }

        void copyTo(Pupil other) {
            States.copy(trainees, other.trainees);
            States.copy(optimizer, other.optimizer);
        }

        void expectEqual(String what, Pupil expected) {
            Expect.equalContents(
                    what + ", its weights", StateContents.of(expected.trainees), StateContents.of(trainees));
            Expect.equalContents(
                    what + ", its state", StateContents.of(expected.optimizer), StateContents.of(optimizer));
        }

        @Override
        public void close() {
            optimizer.close();
            trainees.close();
        }
    }

    private Pupil pupil() {
        return new Pupil(factory, new Trainees("a", Trainees.FROZEN, "b", Trainees.UNREACHED));
    }

    void movesWhatHasAGradient() {
        try (Pupil pupil = pupil()) {
            Map<String, Object> before = StateContents.of(pupil.trainees);
            pupil.train(0, STEPS);
            Map<String, Object> after = StateContents.of(pupil.trainees);
            for (String name : before.keySet()) {
                boolean moved = !Objects.equals(before.get(name), after.get(name));
                boolean expected = name.length() == 1;
                Expect.that(
                        moved == expected,
                        "The parameter '" + name + "' " + (moved ? "was moved" : "was left as it is") + " in " + STEPS
                                + " steps, which was not expected.");
            }
        }
    }

    void zeroesGradients() {
        try (Pupil pupil = pupil();
                Trainees once = new Trainees("a", Trainees.FROZEN, "b", Trainees.UNREACHED)) {
            once.backward(1);
            pupil.trainees.backward(0);
            pupil.optimizer.zeroGrad();
            pupil.trainees.backward(1);
            Expect.equalContents(
                    "The gradients of a backward after zeroGrad",
                    Map.of("a", once.gradient(0), "b", once.gradient(2)),
                    Map.of("a", pupil.trainees.gradient(0), "b", pupil.trainees.gradient(2)));
        }
    }

    void followsTheLearningRate() {
        try (Pupil pupil = pupil()) {
            pupil.train(0, 1);
            Map<String, Object> before = StateContents.of(pupil.trainees);
            pupil.optimizer.paramGroups().forEach(group -> group.setLr(0));
            try {
                pupil.train(1, 2);
            } catch (ConfigurationException refused) {
                return;
            }
            Expect.equalContents(
                    "The weights after a step with a learning rate of 0", before, StateContents.of(pupil.trainees));
        }
    }

    void trainsAddedGroups() {
        try (Trainees added = new Trainees("c");
                Pupil pupil = pupil()) {
            pupil.train(0, 1);
            Map<String, Object> before = StateContents.of(added);
            try {
                pupil.optimizer.addParamGroup("added", added.parameters(), Map.of());
            } catch (ConfigurationException refused) {
                return;
            }
            added.backward(0);
            pupil.optimizer.step();
            Expect.that(
                    !before.equals(StateContents.of(added)),
                    "The parameter of the group that was added was not moved.");
        }
    }

    void resumes() {
        try (Pupil whole = pupil();
                Pupil resumed = pupil()) {
            whole.train(0, SAVED_AT);
            whole.copyTo(resumed);
            resumed.expectEqual("An optimizer that was loaded", whole);
            whole.train(SAVED_AT, STEPS);
            resumed.train(SAVED_AT, STEPS);
            resumed.expectEqual("An optimizer that was loaded after " + SAVED_AT + " of " + STEPS + " steps", whole);
        }
    }

    void overwrites() {
        try (Pupil whole = pupil();
                Pupil used = pupil();
                Pupil fresh = pupil()) {
            used.train(0, STEPS);
            fresh.copyTo(used);
            whole.train(0, STEPS);
            used.train(0, STEPS);
            used.expectEqual("A used optimizer that was loaded with the state of a new one", whole);
        }
    }

    void freesNativeMemory() throws Exception {
        Leaks.expectNone(() -> {
            try (Pupil pupil = pupil();
                    Pupil other = pupil()) {
                pupil.train(0, STEPS);
                pupil.copyTo(other);
                other.train(0, 1);
            }
        });
    }
}
