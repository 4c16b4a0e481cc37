package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.trainer.internal.hook.Hook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers train in training steps and evaluate everywhere else; what is frozen evaluates there too. */
class ModesTest {
    private final TestData data = TestData.open();
    private final DataLoader loader = DataLoader.of(data.classes(16), 4);
    private final NDArray sample =
            data.manager().ones(new Shape(2, TestData.FEATURES)).mul(5);

    @AfterEach
    void free() {
        data.close();
    }

    // ---- forward in hooks

    @ParameterizedTest
    @MethodSource("waysToUseAModule")
    void forwardInEveryHook_leavesTheBitsOfTheRunAlone(BiConsumer<NoisyModule, NDArray> use) {
        List<String> used = new ArrayList<>();
        String undisturbed = fit(new NoisyModule(), new ArrayList<>());
        NoisyModule module = new NoisyModule();

        String disturbed = fit(module, new ArrayList<>() {
            @Override
            public boolean add(String hook) {
                if (module.isInitialized()) {
                    use.accept(module, sample);
                    used.add(hook.split("[. ]")[1]);
                }
                return true;
            }
        });

        assertThat(disturbed).isEqualTo(undisturbed);
        assertThat(used).containsAll(hooksOfAFit());
    }

    static Stream<BiConsumer<NoisyModule, NDArray>> waysToUseAModule() {
        return Stream.of((module, sample) -> module.forward(new NDList(sample)), (module, sample) -> {
            try (Inference in = module.inference()) {
                in.forward(sample);
                in.call(module.net, sample);
            }
        });
    }

    private String fit(NoisyModule module, List<String> trace) {
        try (module) {
            return Trainers.quiet()
                    .maxEpochs(2)
                    .callbacks(TracingCallback.named("C", trace))
                    .build()
                    .fit(module, loader, loader)
                    .weightsSha256();
        }
    }

    private static List<String> hooksOfAFit() {
        return Arrays.stream(Hook.values())
                .map(Hook::label)
                .filter(label -> label.matches("on(Train|Validation|Before|After|FitStart|FitEnd|SavePoint).*"))
                .filter(label -> !label.matches(".*(BatchTransfer|Save)"))
                .toList();
    }

    // ---- forward after a run

    @Test
    void forwardAfterFit_evaluatesAndLeavesNothingButItsOutput() {
        NoisyModule module = new NoisyModule();
        Trainers.quiet().build().fit(module, loader);
        NativeMemory before = NativeMemory.now();

        NDArray first = module.forward(new NDList(sample)).head();
        NDArray second = module.forward(new NDList(sample)).head();

        assertThat(first.toFloatArray()).containsExactly(second.toFloatArray());
        assertThat(NativeMemory.now()).isEqualTo(before.plusArrays(2));
        module.close();
    }

    @Test
    void inference_freesWhatItMade() {
        NoisyModule module = new NoisyModule();
        Trainers.quiet().build().fit(module, loader);
        NDArray expected = module.forward(new NDList(sample)).head();
        NativeMemory before = NativeMemory.now();

        float[] seen;
        try (Inference in = module.inference()) {
            seen = in.forward(in.manager().ones(sample.getShape()).mul(5)).toFloatArray();
        }

        assertThat(seen).containsExactly(expected.toFloatArray());
        assertThat(NativeMemory.now()).isEqualTo(before);
        module.close();
    }

    // ---- frozen layers

    /** How a backbone is kept from training. */
    enum Freezing {
        CALLED_ALONE,
        IN_A_CHAIN,
        BY_INFERENCE
    }

    @ParameterizedTest
    @EnumSource(Freezing.class)
    void frozenBackbone_givesTheSameAfterTraining(Freezing how) {
        Finetuned module = new Finetuned(how);
        Trainer trainer = Trainers.quiet().maxEpochs(2).build();
        trainer.validate(module, loader);
        float[] backbone = output(module, module.backbone);
        float[] whole = output(module, module.net);

        trainer.fit(module, loader);

        assertThat(output(module, module.backbone)).containsExactly(backbone);
        assertThat(output(module, module.net)).isNotEqualTo(whole);
        module.close();
    }

    @Test
    void unfrozenBackbone_movesItsStatisticsAgain() {
        Finetuned module = new Finetuned(Freezing.IN_A_CHAIN);
        module.unfreeze(module.backbone);
        Trainer trainer = Trainers.quiet().build();
        trainer.validate(module, loader);
        float[] mean = module.buffers().valueAt(0).getArray().toFloatArray();

        trainer.fit(module, loader);

        assertThat(module.buffers().valueAt(0).getArray().toFloatArray()).isNotEqualTo(mean);
        module.close();
    }

    private float[] output(Finetuned module, Block block) {
        try (Inference in = module.inference()) {
            return in.call(block, sample).toFloatArray();
        }
    }

    /** A normalised backbone with dropout, which is not to be trained, and a head. */
    private static final class Finetuned extends LightningModule {
        private final Block backbone = new SequentialBlock()
                .add(Linear.builder().setUnits(8).build())
                .add(BatchNorm.builder().build())
                .add(Dropout.builder().optRate(0.5f).build());
        private final Block head = Linear.builder().setUnits(2).build();
        private final Block net =
                addChildBlock("net", new SequentialBlock().add(backbone).add(head));
        private final Freezing how;

        Finetuned(Freezing how) {
            this.how = how;
            freeze(backbone);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray labels = batch.getLabels().head();
            return switch (how) {
                case CALLED_ALONE ->
                    Losses.crossEntropy(
                            call(head, call(backbone, batch.getData())).head(), labels);
                case IN_A_CHAIN ->
                    Losses.crossEntropy(call(net, batch.getData()).head(), labels);
                case BY_INFERENCE -> {
                    try (Inference frozen = inference()) {
                        yield Losses.crossEntropy(
                                call(head, frozen.call(backbone, batch.getData()))
                                        .head(),
                                labels);
                    }
                }
            };
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            call(net, batch.getData());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    // ---- closed modules

    @Test
    void closedModule_isRefusedWhereverItWouldBeJudged() {
        NoisyModule module = new NoisyModule();
        Trainer trainer = Trainers.quiet().build();
        trainer.fit(module, loader);
        module.close();

        Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
        uses.put("validate", () -> trainer.validate(module, loader));
        uses.put("test", () -> trainer.test(module, loader));
        uses.put("predict", () -> trainer.predict(module, loader));
        uses.put("inference", module::inference);
        uses.put("forward", () -> module.forward(new NDList(sample)));
        uses.forEach((name, use) -> assertThatThrownBy(use)
                .as(name)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("NoisyModule was closed, so its parameters are gone"));
    }

    @Test
    void closedModule_canBeTrainedAnew() {
        NoisyModule module = new NoisyModule();
        Trainer trainer = Trainers.quiet().build();
        String first = trainer.fit(module, loader).weightsSha256();
        module.close();

        assertThat(trainer.fit(module, loader).weightsSha256()).isEqualTo(first);
        assertThat(trainer.validate(module, loader)).containsKey("val_loss");
        module.close();
    }

    @Test
    void moduleWithoutParametersYet_isRefusedInWords() {
        assertThatThrownBy(() -> new NoisyModule().inference())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no parameters yet");
    }
}
