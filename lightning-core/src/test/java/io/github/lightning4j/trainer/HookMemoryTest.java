package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.trainer.internal.hook.Hook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made in a hook is freed with it, whichever hook it is; what is kept lives on. */
class HookMemoryTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void arraysOfEveryHook_areFreedBeforeTheRunEnds() {
        DataLoader loader = data.regression(8, 4);
        ArrayMaker maker = new ArrayMaker();
        TracingModule module = new TracingModule(maker);
        module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
        Trainer trainer = Trainers.quiet()
                .maxEpochs(3)
                .numSanityValSteps(1)
                .callbacks(TracingCallback.named("C", maker))
                .enableCheckpointing(true)
                .defaultRootDir(directory)
                .build();
        trainer.fit(module, loader, loader);
        NativeMemory before = NativeMemory.now();
        maker.parameter = module.getParameters().valueAt(0).getArray();

        trainer.fit(module, loader, loader);
        trainer.validate(module, loader);
        trainer.test(module, loader);
        trainer.predict(module, loader).close();
        assertThatThrownBy(() -> Trainers.quiet()
                        .callbacks(TracingCallback.named("C", maker), new Thrower())
                        .build()
                        .predict(module, loader))
                .hasMessage("on purpose");

        assertThat(maker.hooks()).containsAll(everyHook());
        assertThat(maker.open()).isEmpty();
        assertThat(NativeMemory.now()).isEqualTo(before);
        module.close();
    }

    /** Whatever is called a second time finds nothing left of the first. */
    @Test
    void arraysOfAnEpochHook_areGoneInTheNextEpoch() {
        List<NDArray> made = new ArrayList<>();
        List<Long> open = new ArrayList<>();
        BoringModule module = new BoringModule() {
            @Override
            public void onTrainEpochEnd() {
                open.add(made.stream().filter(array -> !array.isReleased()).count());
                made.add(layer.getParameters().valueAt(0).getArray().mul(2));
            }
        };

        Trainers.quiet().maxEpochs(5).build().fit(module, data.regression(8, 4));

        assertThat(open).containsExactly(0L, 0L, 0L, 0L, 0L);
        module.close();
    }

    @Test
    void keptArray_outlivesItsHook() {
        List<Float> seen = new ArrayList<>();
        BoringModule module = new BoringModule() {
            private @Nullable NDArray kept;

            @Override
            public void onTrainStart() {
                kept = keep(
                        layer.getParameters().valueAt(0).getArray().zerosLike().add(3));
            }

            @Override
            public void onTrainEnd() {
                seen.add(kept.flatten().toFloatArray()[0]);
            }
        };

        Trainers.quiet().maxEpochs(2).build().fit(module, data.regression(8, 4));

        assertThat(seen).containsExactly(3f);
        module.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"onTrainStart", "onTrainEpochStart", "validationStep", "batch"})
    void useOfAnArrayWhoseHookIsOver_namesKeep(String where) {
        BoringModule module = new BoringModule() {
            private @Nullable NDArray made;

            private void make(String hook) {
                if (hook.equals(where)) {
                    made = layer.getParameters().valueAt(0).getArray().mul(2);
                }
            }

            @Override
            public void onTrainStart() {
                make("onTrainStart");
            }

            @Override
            public void onTrainEpochStart() {
                make("onTrainEpochStart");
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                make("validationStep");
                if (where.equals("batch")) {
                    made = batch.getData().head().mean();
                }
            }

            @Override
            public void onTrainEpochEnd() {
                made.add(1);
            }
        };

        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4), data.regression(8, 4)))
                .isInstanceOf(LightningException.class)
                .hasMessageContainingAll("after its native memory was freed", "keep(array)", "buffer(name, array)");
        module.close();
    }

    @Test
    void partsMadeInSetup_onAManagerOfTheirOwn_live() {
        List<Float> seen = new ArrayList<>();
        BoringModule module = new BoringModule() {
            private final NDManager own = NDManager.newBaseManager(Device.cpu(), "PyTorch");
            private @Nullable NDArray teacher;

            @Override
            public void setup(Stage stage) {
                teacher = own.ones(new Shape(2));
            }

            @Override
            public void onTrainEpochEnd() {
                seen.add(teacher.toFloatArray()[0]);
            }

            @Override
            public void close() {
                super.close();
                own.close();
            }
        };

        Trainers.quiet().maxEpochs(2).build().fit(module, data.regression(8, 4));

        assertThat(seen).containsExactly(1f, 1f);
        module.close();
    }

    private static Set<String> everyHook() {
        Set<String> hooks = new TreeSet<>();
        Arrays.stream(Hook.values()).filter(hook -> hook != Hook.NONE).forEach(hook -> hooks.add(hook.label()));
        hooks.add("prepareData");
        return hooks;
    }

    /** Fails in a prediction, so that hooks of failures are called. */
    private static final class Thrower implements Callback {
        @Override
        public void onPredictEnd(Run run) {
            throw new IllegalArgumentException("on purpose");
        }
    }

    /** A trace that makes an array out of the module's parameters for every hook it notes. */
    private static final class ArrayMaker extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        private final transient List<NDArray> made = new ArrayList<>();
        private transient @Nullable NDArray parameter;

        @Override
        public boolean add(String hook) {
            if (parameter != null) {
                made.add(parameter.mul(2));
            }
            return super.add(hook);
        }

        List<String> hooks() {
            return stream()
                    .filter(hook -> hook.contains("."))
                    .map(hook -> hook.split("[. ]")[1])
                    .toList();
        }

        List<String> open() {
            List<String> open = new ArrayList<>();
            for (int i = 0; i < made.size(); i++) {
                if (!made.get(i).isReleased()) {
                    open.add(get(size() - made.size() + i));
                }
            }
            return open;
        }
    }
}
