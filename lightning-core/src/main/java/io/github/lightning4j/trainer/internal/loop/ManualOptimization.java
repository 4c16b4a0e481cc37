package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.GradientSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module runs backward and its optimizers itself; the loop counts. Schedulers that follow steps or epochs still do. */
final class ManualOptimization implements Optimization {
    private static final Logger LOG = LoggerFactory.getLogger(ManualOptimization.class);

    private final RunSession session;
    private final OptimizerSet set;
    private final List<Optimizer> counted;
    private boolean stepped;
    private boolean backwardRan;
    private boolean everStepped;
    private boolean warned;

    ManualOptimization(RunSession session, OptimizerSet set) {
        if (session.options().accumulateGradBatches() != 1 || session.options().gradientClipVal() > 0) {
            throw new ConfigurationException(
                    session.module().getClass().getSimpleName()
                            + " optimizes by itself (automaticOptimization() is false), so accumulateGradBatches and"
                            + " gradientClipVal of the Trainer cannot apply. Leave them out, and use clipGradients in trainingStep.");
        }
        this.session = session;
        this.set = set;
        this.counted = set.optimizers().stream().<Optimizer>map(Counted::new).toList();
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        NDArray result;
        try (GradMode recording = GradMode.recording()) {
            session.book().enter(Hook.TRAINING_STEP);
            result = session.module().trainingStep(batch, index);
        }
        if (stepped) {
            session.stepped();
            set.afterStep();
        }
        return result;
    }

    @Override
    public void finishWindow() {}

    @Override
    public boolean stepped() {
        return stepped;
    }

    @Override
    public void backward(NDArray loss) {
        session.hooks().beforeBackward(loss);
        GradMode.backward(loss);
        backwardRan = true;
        session.hooks().afterBackward();
        session.book().enter(Hook.TRAINING_STEP);
    }

    @Override
    public double clip(Optimizer of, double value, GradientClipAlgorithm algorithm) {
        return set.clip(of instanceof Counted wrapper ? wrapper.optimizer : of, value, algorithm);
    }

    @Override
    public GradientSet gradients(Optimizer of) {
        return set.gradients(of);
    }

    @Override
    public List<Optimizer> optimizers() {
        return set.optimizers();
    }

    @Override
    public List<Optimizer> visibleOptimizers() {
        return counted;
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return set.schedulers();
    }

    @Override
    public void epochSchedulers() {
        if (backwardRan && !everStepped && !warned) {
            warned = true;
            LOG.warn(
                    "{} ran backward, but no optimizer from optimizers() stepped, so globalStep stays 0: nothing is logged"
                            + " per step or saved. Step the optimizers that optimizers() returns, not those made in"
                            + " configureOptimizers.",
                    session.module().getClass().getSimpleName());
        }
        set.afterEpoch();
    }

    @Override
    public void close() {
        set.close();
    }

    /** An optimizer as the module sees it: its steps are noticed, and run without recording a graph. */
    private final class Counted implements Optimizer {
        private final Optimizer optimizer;

        Counted(Optimizer optimizer) {
            this.optimizer = optimizer;
        }

        @Override
        public String name() {
            return optimizer.name();
        }

        @Override
        public List<ParamGroup> paramGroups() {
            return optimizer.paramGroups();
        }

        @Override
        public void zeroGrad() {
            optimizer.zeroGrad();
        }

        @Override
        public void step() {
            try (GradMode off = GradMode.off()) {
                session.hooks().beforeOptimizerStep(optimizer);
                optimizer.step();
            }
            stepped = true;
            everStepped = true;
            session.book().enter(Hook.TRAINING_STEP);
        }

        @Override
        public void save(StateWriter state) {
            optimizer.save(state);
        }

        @Override
        public void load(StateReader state) {
            optimizer.load(state);
        }

        @Override
        public void close() {
            optimizer.close();
        }
    }
}
