package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.nn.LSTM;
import io.github.lightning4j.nn.Linear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void output_isThatOfEvaluationWithoutAGraph_andStatisticsStay() {
        try (LightningModule module = of(new SequentialBlock()
                .add(new Linear(4, 3))
                .add(BatchNorm.builder().build())
                .add(Dropout.builder().optRate(0.9f).build()))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 4));
            String before = Weights.sha256(module);
            NDArray input = manager.ones(new Shape(5, 4));
            NDArray output = module.predict(input);
            try (Inference in = module.inference()) {
                assertThat(output).isEqualTo(in.forward(input));
            }
            assertThat(output.hasGradient()).isFalse();
            assertThat(output.getManager()).isSameAs(manager);
            assertThat(module.predict(new NDList(input)).head()).isEqualTo(output);
            assertThat(Weights.sha256(module)).isEqualTo(before);
        }
    }

    @Test
    void nothingButTheOutput_isLeft() {
        try (LightningModule module =
                of(new SequentialBlock().add(new Linear(4, 3)).add(new Linear(3, 2)))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 4));
            NDArray input = manager.ones(new Shape(5, 4));
            module.predict(input).close();
            NativeMemory before = NativeMemory.now();
            NDArray output = module.predict(input);
            assertThat(NativeMemory.now().arrays()).isEqualTo(before.arrays() + 1);
            output.close();
            for (int i = 0; i < 10; i++) {
                module.predict(input).close();
            }
            assertThatThrownBy(() -> module.predict(manager.ones(new Shape(5, 7))))
                    .isNotNull();
            assertThat(NativeMemory.now().managers()).isEqualTo(before.managers());
            assertThat(NativeMemory.now().arrays()).isEqualTo(before.arrays() + 1); // the input that did not fit
        }
    }

    @Test
    void output_outlivesAnInputThatItLooksInto() {
        LightningModule module = new LightningModule() {
            @Override
            public NDList forward(NDList inputs) {
                return new NDList(inputs.head().reshape(4), inputs.head());
            }
        };
        try (module) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 2));
            NDArray input = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
            NDList outputs = module.predict(new NDList(input));
            input.close();
            assertThat(outputs.get(0).toFloatArray()).containsExactly(1, 2, 3, 4);
            assertThat(outputs.get(1).toFloatArray()).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void withinATrainingStep_theStepGoesOnAsBefore() {
        class Looking extends NoisyModule {
            @Override
            public NDArray trainingStep(ai.djl.training.dataset.Batch batch, int batchIndex) {
                assertThat(predict(input(batch)).getShape().get(1)).isEqualTo(2);
                return super.trainingStep(batch, batchIndex);
            }
        }
        assertThat(weightsOf(new Looking())).isEqualTo(weightsOf(new NoisyModule()));
    }

    private static String weightsOf(LightningModule module) {
        try (module;
                TestData data = TestData.open()) {
            return Trainers.quiet()
                    .build()
                    .fit(module, DataLoader.of(data.classes(24), 8))
                    .weightsSha256();
        }
    }

    @Test
    void aModuleWithoutParameters_isRefused() {
        try (LightningModule module =
                of(ai.djl.nn.core.Linear.builder().setUnits(2).build())) {
            assertThatThrownBy(() -> module.predict(manager.ones(new Shape(1, 4))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("has no parameters yet")
                    .hasMessageContaining("initialize");
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 4));
            module.close();
            assertThatThrownBy(() -> module.predict(manager.ones(new Shape(1, 4))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("was closed");
        }
    }

    @Test
    void severalOutputs_areRefusedForOneArray() {
        try (LightningModule module = of(new LSTM(4, 3))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 2, 4));
            NDArray input = manager.ones(new Shape(1, 2, 4));
            assertThatThrownBy(() -> module.predict(input))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("returned 3 outputs")
                    .hasMessageContaining("predict(new NDList(input))");
            assertThat(module.predict(new NDList(input))).hasSize(3);
        }
    }

    @Test
    void inputsThatDoNotFit_areNamed() {
        try (LightningModule module = of(new SequentialBlock().add(new Linear(4, 3)))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 4));
            assertThatThrownBy(() -> module.predict(manager.ones(new Shape(2, 5))))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("(2, 5)")
                    .hasMessageContaining("Linear");
            assertThatThrownBy(() -> module.predict(manager.ones(new Shape(2, 4), DataType.INT64)))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("int64");
            assertThatThrownBy(() -> module.predict(new NDList()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("no input");
            NDArray closed = manager.ones(new Shape(2, 4));
            closed.close();
            assertThatThrownBy(() -> module.predict(closed))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("was closed as input 0");
            assertThatThrownBy(() -> module.predict((NDArray) null))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("predict");
        }
    }

    private static LightningModule of(Block block) {
        return new LightningModule(block) {};
    }
}
