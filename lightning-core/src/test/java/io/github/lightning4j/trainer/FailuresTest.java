package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when user code throws: everything that was started is ended, and the failure comes out as it is. */
class FailuresTest {
    private final TestData data = TestData.open();
    private final List<String> trace = new ArrayList<>();

    @AfterEach
    void free() {
        data.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setup",
                "configureOptimizers",
                "onFitStart",
                "onValidationStart",
                "validationStep",
                "onTrainStart",
                "onTrainEpochStart",
                "onTrainBatchStart",
                "trainingStep",
                "onBeforeZeroGrad",
                "onBeforeBackward",
                "onAfterBackward",
                "onBeforeOptimizerStep",
                "configureGradientClipping",
                "onTrainBatchEnd",
                "onTrainEpochEnd",
                "onTrainEnd",
                "onFitEnd",
                "teardown"
            })
    void anExceptionInAnyHook_comesOutAsItIsAndEndsWhatWasStarted(String hook) {
        Logged logger = new Logged();
        try (Throwing module = new Throwing(trace, hook)) {
            boolean before = JniUtils.isGradMode();

            assertThatThrownBy(() -> Trainers.quiet()
                            .numSanityValSteps(1)
                            .loggers(logger)
                            .callbacks(TracingCallback.named("C", trace))
                            .build()
                            .fit(module, data.regression(8, 4), data.regression(4, 4)))
                    .isSameAs(module.failure);

            assertThat(JniUtils.isGradMode()).isEqualTo(before);
            assertThat(CallContext.current()).isNull();
            assertThat(logger.finishes).isEqualTo(1);
            assertThat(count("C.teardown")).isEqualTo(1);
            assertThat(count("M.teardown")).isEqualTo(1);
            boolean fitStarted = trace.contains("C.onFitStart");
            assertThat(count("C.onFitEnd")).isEqualTo(fitStarted ? 1 : 0);
            assertThat(count("C.onTrainEnd")).isEqualTo(trace.contains("C.onTrainStart") ? 1 : 0);
            if (!hook.equals("teardown")) {
                assertThat(logger.failed).isTrue();
                assertThat(count("C.onException")).isEqualTo(1);
                assertThat(trace.indexOf("C.onException")).isLessThan(trace.indexOf("C.teardown"));
            }

            module.hook = "none";
            assertThat(Trainers.quiet()
                            .build()
                            .fit(module, data.regression(8, 4))
                            .globalStep())
                    .isEqualTo(2);
        }
    }

    private long count(String hook) {
        return trace.stream().filter(hook::equals).count();
    }

    @Test
    void aFailureDuringTeardown_isAttachedToTheFirst() {
        IllegalStateException second = new IllegalStateException("second");
        Callback callback = new Callback() {
            @Override
            public void teardown(Run run, Stage stage) {
                throw second;
            }
        };
        try (Throwing module = new Throwing(trace, "trainingStep")) {
            assertThatThrownBy(
                            () -> Trainers.quiet().callbacks(callback).build().fit(module, data.regression(8, 4)))
                    .isSameAs(module.failure)
                    .hasSuppressedException(second);
            assertThat(trace).as("the module's own teardown").contains("M.teardown");
        }
    }

    @Test
    void aCheckedException_isWrappedWithTheNameOfTheHook() {
        TracingModule module = new TracingModule(trace) {
            @Override
            public void setup(Stage stage) {
                throw sneaky(new IOException("no disk"));
            }
        };
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4)))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("setup")
                    .hasMessageContaining("no disk")
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void anError_isNotWrapped() {
        OutOfMemoryError error = new OutOfMemoryError("pretended");
        TracingModule module = new TracingModule(trace) {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                throw error;
            }
        };
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4)))
                    .isSameAs(error);
            assertThat(trace).contains("M.onTrainEnd", "M.onFitEnd", "M.teardown");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "test", "predict"})
    void evaluations_areTornDownToo(String entry) {
        try (Throwing module = new Throwing(trace, entry.equals("validate") ? "validationStep" : entry + "Step")) {
            Trainer trainer = Trainers.quiet()
                    .callbacks(TracingCallback.named("C", trace))
                    .build();

            assertThatThrownBy(() -> {
                        switch (entry) {
                            case "validate" -> trainer.validate(module, data.regression(8, 4));
                            case "test" -> trainer.test(module, data.regression(8, 4));
                            default -> trainer.predict(module, data.regression(8, 4));
                        }
                    })
                    .isSameAs(module.failure);

            assertThat(trace).endsWith("C.onException", "C.teardown", "M.teardown");
            assertThat(CallContext.current()).isNull();
        }
    }

    @Test
    void gradMode_isPutBackOnEveryThreadAndAfterEveryEntryPoint() throws InterruptedException {
        List<Boolean> modes = new ArrayList<>();
        try (TracingModule module = new TracingModule(trace)) {
            // A thread that has not loaded the engine records gradients, one that has does not: both shall stay as they
            // are.
            Thread thread = new Thread(() -> {
                for (boolean mode : new boolean[] {true, false}) {
                    JniUtils.setGradMode(mode);
                    Trainer trainer = Trainers.quiet().build();
                    trainer.fit(module, data.regression(8, 4), data.regression(8, 4));
                    modes.add(JniUtils.isGradMode());
                    trainer.validate(module, data.regression(8, 4));
                    modes.add(JniUtils.isGradMode());
                    trainer.predict(module, data.regression(8, 4)).close();
                    modes.add(JniUtils.isGradMode());
                }
            });
            thread.start();
            thread.join();
        }

        assertThat(modes).containsExactly(true, true, true, false, false, false);
    }

    @Test
    void steps_recordGradientsInTrainingAlone() {
        List<Boolean> modes = new ArrayList<>();
        TracingModule module = new TracingModule(trace) {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                modes.add(JniUtils.isGradMode());
                return super.trainingStep(batch, batchIndex);
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                modes.add(JniUtils.isGradMode());
            }

            @Override
            public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
                modes.add(JniUtils.isGradMode());
            }
        };
        try (module) {
            Trainers.quiet().build().fit(module, data.regression(4, 4), data.regression(4, 4));

            assertThat(modes).containsExactly(true, false, false);
        }
    }

    @Test
    void aSecondFitAtTheSameTime_isRefused() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        Callback waiting = new Callback() {
            @Override
            public void onTrainStart(Run run) {
                running.countDown();
                try {
                    refused.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        try (TracingModule first = new TracingModule(trace);
                TracingModule second = new TracingModule(new ArrayList<>())) {
            Thread thread = new Thread(() -> {
                try {
                    Trainers.quiet().callbacks(waiting).build().fit(first, data.regression(8, 4));
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            thread.start();
            running.await();

            assertThatThrownBy(() -> Trainers.quiet().build().fit(second, data.regression(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("running in this JVM already");
            refused.countDown();
            thread.join();

            assertThat(failures).isEmpty();
            assertThat(Trainers.quiet()
                            .build()
                            .fit(second, data.regression(8, 4))
                            .globalStep())
                    .isEqualTo(2);
        }
    }

    @Test
    void aFitWithinAFit_isRefused() {
        TracingModule module = new TracingModule(trace) {
            @Override
            public void onTrainStart() {
                Trainers.quiet().build().fit(this, data.regression(8, 4));
            }
        };
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("running in this JVM already");
        }
    }

    /** Counts how it was finished. */
    private static final class Logged implements Logger {
        int finishes;
        boolean failed;

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {}

        @Override
        public void finish(boolean failure) {
            finishes++;
            failed = failure;
        }
    }

    /** Throws in one hook, once its name has been noted. */
    private static final class Throwing extends TracingModule {
        final IllegalStateException failure = new IllegalStateException("mine");
        String hook;

        Throwing(List<String> trace, String hook) {
            this(new Noted(trace), hook);
        }

        private Throwing(Noted trace, String hook) {
            super(trace);
            this.hook = hook;
            trace.owner = this;
        }
    }

    /** A list that throws when the hook to fail is added to it. */
    private static final class Noted extends java.util.AbstractList<String> {
        private final List<String> trace;

        @Nullable
        Throwing owner;

        Noted(List<String> trace) {
            this.trace = trace;
        }

        @Override
        public boolean add(String event) {
            trace.add(event);
            if (owner != null && event.equals("M." + owner.hook)) {
                throw owner.failure;
            }
            return true;
        }

        @Override
        public String get(int index) {
            return trace.get(index);
        }

        @Override
        public int size() {
            return trace.size();
        }
    }
}
