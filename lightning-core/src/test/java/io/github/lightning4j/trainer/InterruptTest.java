package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt of its thread ends a run after its batch, whatever the run and its data. */
class InterruptTest {
    private static final int SAMPLES = 300_000;
    private static final int STEPS = 3;
    private static final long SECONDS = 60;

    @TempDir
    Path directory;

    private final TestData data = TestData.open();
    private final CountDownLatch started = new CountDownLatch(STEPS);
    private final Signalling module = new Signalling();

    /** Where batches come from. */
    enum Source {
        IN_MEMORY,
        PREFETCHED,
        WAITING
    }

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void interruptedFit_savesAndReturns_andGoesOnWhenResumed(Source source) throws Exception {
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        FitResult result = interrupted(() -> {
            FitResult ended = trainer().build().fit(module, loader(source));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
            return ended;
        });

        assertThat(result.stopReason()).isEqualTo("the thread was interrupted");
        assertThat(result.resumeFrom()).exists();
        assertThat(stillInterrupted).isTrue();
        FitResult resumed = trainer().maxSteps(result.globalStep() + 2).build().fit(module, loader(Source.IN_MEMORY));
        assertThat(resumed.resumedFromSteps()).containsExactly(result.globalStep());
        assertThat(resumed.globalStep()).isEqualTo(result.globalStep() + 2);
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void interruptedValidation_saysSo(Source source) {
        assertInterrupted("validate", () -> trainer().build().validate(module, loader(source)));
    }

    @Test
    void interruptedTest_saysSo() {
        assertInterrupted("test", () -> trainer().build().test(module, loader(Source.IN_MEMORY)));
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void interruptedPrediction_saysSo(Source source) {
        assertInterrupted("predict", () -> trainer().build().predict(module, loader(source)));
    }

    @Test
    void validationOfAModuleThatIsInARun_isRefused() throws Exception {
        Trainer trainer = trainer().build();
        interrupted(() -> trainer.fit(module, loader(Source.IN_MEMORY)), () -> {
            assertThat(trainer.isRunning()).isTrue();
            assertThatThrownBy(() -> Trainers.quiet().build().validate(module, loader(Source.IN_MEMORY)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Signalling is in a run on thread", "predict can be called");
        });
        assertThat(trainer.isRunning()).isFalse();
    }

    private void assertInterrupted(String what, Callable<?> run) {
        assertThatThrownBy(() -> interrupted(run))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(LightningException.class)
                .hasMessageContaining(what + " ended before its last batch: the thread was interrupted");
    }

    private <T> T interrupted(Callable<T> run) throws Exception {
        return interrupted(run, () -> {});
    }

    private <T> T interrupted(Callable<T> run, Runnable before) throws Exception {
        FutureTask<T> task = new FutureTask<>(run);
        Thread thread = new Thread(task, "run");
        thread.start();
        assertThat(started.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        try {
            before.run();
        } finally {
            thread.interrupt();
        }
        return task.get(SECONDS, TimeUnit.SECONDS);
    }

    private Trainer.Builder trainer() {
        return Trainers.quiet()
                .maxEpochs(1000)
                .runDirectory(directory)
                .autoResume(true)
                .enableCheckpointing(true);
    }

    /** Batches for longer than any test takes. */
    private Iterable<Batch> loader(Source source) {
        TensorDataset dataset = data.regression(SAMPLES);
        return switch (source) {
            case IN_MEMORY -> DataLoader.of(dataset, 1);
            case PREFETCHED ->
                DataLoader.builder(dataset).batchSize(1).workers(1).build();
            case WAITING -> Waiting::new;
        };
    }

    /** Gives a few batches, then waits for one that never comes. */
    private final class Waiting implements Iterator<Batch> {
        private int given;

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Batch next() {
            if (given == STEPS + 2) {
                try {
                    Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
                } catch (InterruptedException e) {
                    throw new IllegalStateException("no batch", e);
                }
            }
            given++;
            NDManager own = data.manager().newSubManager();
            NDList features = new NDList(own.ones(new Shape(1, TestData.FEATURES)));
            NDList targets = new NDList(own.ones(new Shape(1, TestData.TARGETS)));
            return new Batch(own, features, targets, 1, null, null, 0, 0);
        }
    }

    /** Says when it has begun. */
    private final class Signalling extends BoringModule {
        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            started.countDown();
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            started.countDown();
            super.validationStep(batch, batchIndex);
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            started.countDown();
            super.testStep(batch, batchIndex);
        }

        @Override
        public NDList predictStep(Batch batch, int batchIndex) {
            started.countDown();
            return super.predictStep(batch, batchIndex);
        }
    }
}
