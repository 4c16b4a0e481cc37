package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be called in a training step, and with what. */
class LayersCalledTest {
    private static final int SAMPLES = 3;
    private static final int STEPS = 4;
    private static final int SIZE = 5;

    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    static Stream<Block> recurrentLayers() {
        return Stream.of(false, true)
                .flatMap(both -> Stream.of(
                        LSTM.builder()
                                .setStateSize(SIZE)
                                .setNumLayers(both ? 1 : 2)
                                .optBidirectional(both)
                                .optHasBiases(!both)
                                .optReturnState(true)
                                .build(),
                        GRU.builder()
                                .setStateSize(SIZE)
                                .setNumLayers(both ? 1 : 2)
                                .optBidirectional(both)
                                .optHasBiases(!both)
                                .optReturnState(true)
                                .build(),
                        RNN.builder()
                                .setStateSize(SIZE)
                                .setNumLayers(both ? 1 : 2)
                                .optBidirectional(both)
                                .optHasBiases(!both)
                                .optReturnState(true)
                                .setActivation(RNN.Activation.TANH)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void statesOfItsOwnBatch_areTaken(Block rnn) {
        Sequences module = new Sequences(rnn) {
            @Override
            NDArray loss(NDArray x) {
                NDList outputs = call(rnn, new NDList(x));
                outputs.set(0, x);
                return call(rnn, outputs).head().mean();
            }
        };
        fit(module);
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void statesOfAnotherBatch_areRefused(Block rnn) {
        for (String part : List.of("0:2", "0:1")) {
            for (Block layer : List.of(rnn, new SequentialBlock().add(rnn))) {
                Sequences module = new Sequences(layer) {
                    @Override
                    NDArray loss(NDArray x) {
                        NDList outputs = call(layer, new NDList(x.get(part)));
                        outputs.set(0, x);
                        return call(layer, outputs).head().mean();
                    }
                };
                assertThatThrownBy(() -> fit(module))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("call of net: ")
                        .hasMessageContaining("with an input of shape (3, 4, 5)")
                        .hasMessageContaining(", 3, 5)")
                        .hasMessageContaining("dropLast(true)");
            }
        }
    }

    /** Where a recurrent layer may stand, in a layer that gives it all of its inputs. */
    private static List<Block> around(Block rnn) {
        return List.of(
                new SequentialBlock().add(new SequentialBlock().add(rnn)),
                new ParallelBlock(lists -> lists.get(0), List.of(rnn)),
                new ParallelBlock(
                        lists -> lists.get(1), List.of(Blocks.identityBlock(), new SequentialBlock().add(rnn))),
                new SequentialBlock().add(new LambdaBlock(inputs -> inputs)).add(rnn),
                new SequentialBlock()
                        .add(Blocks.identityBlock())
                        .add(new SequentialBlock().add(Blocks.identityBlock()).add(rnn)),
                new SequentialBlock()
                        .add(new SequentialBlock().add(Blocks.identityBlock()).add(rnn)),
                new SequentialBlock()
                        .add(Blocks.identityBlock())
                        .add(new ParallelBlock(lists -> lists.get(0), List.of(rnn))));
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void statesThatReachALayerDeepDown_areCompared(Block rnn) {
        for (Block layer : around(rnn)) {
            fit(passingOn(layer, "0:3"));
            assertThatThrownBy(() -> fit(passingOn(layer, "0:1")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("call of ")
                    .hasMessageContaining("with an input of shape (3, 4, 5)")
                    .hasMessageContaining("dropLast(true)");
        }
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void statesThatALayerHandsToTheNext_areCompared(Block rnn) {
        GRU wider = GRU.builder()
                .setStateSize(SIZE + 3)
                .setNumLayers(1)
                .optReturnState(true)
                .build();
        for (Block frozen : List.of(wider, Blocks.identityBlock())) {
            Sequences module = new Sequences(new SequentialBlock().add(wider).add(rnn));
            module.freeze(frozen);
            assertThatThrownBy(() -> fit(module))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("call of SequentialBlock: ")
                    .hasMessageContaining("got a state of shape (1, 3, 8)");
        }
    }

    private static Sequences passingOn(Block layer, String part) {
        return new Sequences(layer) {
            @Override
            NDArray loss(NDArray x) {
                NDList outputs = call(layer, new NDList(x.get(part)));
                outputs.set(0, x);
                return call(layer, outputs).head().mean();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void aCall_leavesTheBatchsListAsItWas(Block rnn) {
        for (Block layer : List.of(rnn, new SequentialBlock().add(rnn))) {
            Sequences module = new Sequences(layer) {
                @Override
                public NDArray trainingStep(Batch batch, int batchIndex) {
                    NDArray first = call(layer, batch.getData()).head().mean();
                    assertThat(batch.getData()).hasSize(1);
                    return first.add(call(layer, batch.getData()).head().mean());
                }
            };
            fit(module);
        }
    }

    @Test
    void aBidirectionalLayerWithBiases_isRefusedBeforeItCrashes() {
        Block rnn = GRU.builder()
                .setStateSize(SIZE)
                .setNumLayers(1)
                .optBidirectional(true)
                .build();
        assertThatThrownBy(() -> fit(new Sequences(new SequentialBlock().add(rnn))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bidirectional GRU with biases")
                .hasMessageContaining("optHasBiases(false)");
    }

    @Test
    void aLayerThatGivesItsOwnInputsBack_keepsWhatItAdded() {
        Block twice = new LambdaBlock(inputs -> {
            inputs.add(inputs.head());
            return inputs;
        });
        fit(new Sequences(linear()) {
            @Override
            NDArray loss(NDArray x) {
                assertThat(call(twice, new NDList(x))).hasSize(2);
                return call(net, x).mean();
            }
        });
    }

    @Test
    void anUnregisteredLayerWithTrainableParameters_isRefusedAtItsFirstCall() {
        for (Block stray : List.of(
                linear(),
                new SequentialBlock().add(linear()),
                LSTM.builder().setStateSize(SIZE).setNumLayers(1).build())) {
            Sequences module = calling(stray);
            assertThatThrownBy(() -> fit(module))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("the layer " + stray.getClass().getSimpleName())
                    .hasMessageContaining("neither trained nor saved")
                    .hasMessageContaining("addChildBlock")
                    .hasMessageContaining("freezeParameters(true)");
        }
    }

    @Test
    void anUnregisteredModule_isRefusedToo() {
        Sequences stray = calling(Activation.reluBlock());
        assertThatThrownBy(() -> fit(calling(stray)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("neither trained nor saved");
        Sequences indirect = new Sequences(linear()) {
            @Override
            NDArray loss(NDArray x) {
                return stray.loss(x).add(call(net, x).mean());
            }
        };
        assertThatThrownBy(() -> fit(indirect))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("neither trained nor saved");
    }

    @Test
    void frozenTeachersActivationsLambdasAndPartsOfTheModule_areFine() {
        Block teacher = linear();
        teacher.initialize(data.manager(), DataType.FLOAT32, new Shape(SAMPLES, STEPS, SIZE));
        teacher.freezeParameters(true);
        fit(calling(teacher));
        fit(calling(Activation.reluBlock()));
        fit(calling(new LambdaBlock(inputs -> inputs)));
        SequentialBlock chain = new SequentialBlock().add(linear()).add(linear());
        fit(new Sequences(chain) {
            @Override
            NDArray loss(NDArray x) {
                Block fresh = new SequentialBlock().add(chain).add(Activation.reluBlock());
                return call(chain.getChildren().valueAt(0), x)
                        .mean()
                        .add(call(fresh, x).mean());
            }
        });
    }

    private static Linear linear() {
        return Linear.builder().setUnits(SIZE).build();
    }

    private static Sequences calling(Block stray) {
        return new Sequences(linear()) {
            @Override
            NDArray loss(NDArray x) {
                return call(net, call(stray, x)).mean();
            }
        };
    }

    private void fit(LightningModule module) {
        try (module) {
            TensorDataset dataset = TensorDataset.of(data.manager().ones(new Shape(2 * SAMPLES, STEPS, SIZE)));
            Trainers.quiet().maxEpochs(1).build().fit(module, DataLoader.of(dataset, SAMPLES));
        }
    }

    /** A layer, and what a test does with it. */
    private static class Sequences extends LightningModule {
        final Block net;

        Sequences(Block net) {
            this.net = addChildBlock("net", net, new Shape(SAMPLES, STEPS, SIZE));
        }

        NDArray loss(NDArray x) {
            return call(net, x).mean();
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return loss(batch.getData().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }
}
