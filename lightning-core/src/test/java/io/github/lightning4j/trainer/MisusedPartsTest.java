package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers, sequences and arrays that are not what they have to be: the message says what is to be done. */
class MisusedPartsTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    // ---- layers that nobody registered

    static Stream<Supplier<Block>> layers() {
        return Stream.of(
                () -> Linear.builder().setUnits(2).build(),
                () -> new SequentialBlock().add(Linear.builder().setUnits(2).build()),
                () -> new io.github.lightning4j.nn.Linear(4, 2),
                () -> BatchNorm.builder().build());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void unregisteredLayer_isNamedWhereverItIsCalled(Supplier<Block> layer) {
        Trainer trainer = Trainers.quiet().build();
        DataLoader batches = data.regression(4, 4);
        String[] words = {"called the layer ", "it is not registered in Hiding", "addChildBlock"};

        refused(() -> trainer.fit(new Hiding(layer.get()), batches), words);
        refused(() -> trainer.validate(new Hiding(layer.get()), batches), words);
        refused(() -> trainer.test(new Hiding(layer.get()), batches), words);
        refused(() -> trainer.predict(new Hiding(layer.get()), batches), words);
        try (Hiding alone = new Hiding(layer.get())) {
            trainer.fit(alone.calling(alone.layer), batches);
            alone.calling(alone.hidden);
            refused(() -> alone.forward(new NDList(data.manager().ones(new Shape(1, 4)))), words);
            try (Inference inference = alone.inference()) {
                refused(() -> inference.forward(inference.manager().ones(new Shape(1, 4))), words);
            }
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(ConfigurationException.class).hasMessageContainingAll(words);
    }

    private static final class Hiding extends BoringModule {
        private final Block hidden;
        private Block called;

        Hiding(Block hidden) {
            this.hidden = hidden;
            this.called = hidden;
        }

        Hiding calling(Block layer) {
            called = layer;
            return this;
        }

        @Override
        public NDList forward(NDList inputs) {
            return call(called, inputs);
        }

        @Override
        protected NDArray loss(Batch batch) {
            return forward(batch.getData()).head().mean();
        }
    }

    /** Registers a layer that it has frozen. */
    private static final class Late extends BoringModule {
        private final Block later = Linear.builder().setUnits(2).build();

        Late() {
            freeze(later);
            addChildBlock("later", later, new Shape(1, 4));
        }
    }

    @Test
    void freezingAStranger_isWarnedOfOnceTheLayersAreKnown() {
        try (LogLines lines = LogLines.capture();
                Late module = new Late()) {
            module.freeze(Linear.builder().setUnits(3).build());
            module.unfreeze(
                    new SequentialBlock().add(Linear.builder().setUnits(3).build()));
            Trainers.quiet().build().fit(module, data.regression(4, 4));
            module.unfreeze(module.later);
            module.freeze(module.layer);
            module.freeze(BatchNorm.builder().build());

            assertThat(lines.messages().stream()
                            .filter(line -> line.startsWith("freeze or unfreeze of Late was given a "))
                            .map(line -> line.replaceAll(".* given a (\\w+) .*", "$1")))
                    .containsExactly("Linear", "SequentialBlock", "BatchNorm");
        }
    }

    // ---- sequences

    static Stream<Block> recurrentLayers() {
        return Stream.of(
                GRU.builder().setStateSize(3).setNumLayers(1).build(),
                LSTM.builder().setStateSize(3).setNumLayers(1).build(),
                RNN.builder()
                        .setStateSize(3)
                        .setNumLayers(1)
                        .setActivation(RNN.Activation.TANH)
                        .build(),
                new io.github.lightning4j.nn.GRU(8, 3),
                new io.github.lightning4j.nn.LSTM(8, 3),
                new io.github.lightning4j.nn.RNN(8, 3));
    }

    @ParameterizedTest
    @MethodSource("recurrentLayers")
    void inputWithoutSteps_isRefusedByNamingTheAxes(Block recurrent) {
        BoringModule module = new BoringModule() {
            private final Block rnn = addChildBlock("rnn", recurrent, new Shape(1, 5, 8));

            @Override
            protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
                super.initializeChildBlocks(manager, dataType, new Shape(1, 4));
            }

            @Override
            protected NDArray loss(Batch batch) {
                return call(rnn, batch.getData().head().getManager().ones(new Shape(16, 8)))
                        .mean();
            }
        };
        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(4, 4)))
                .isInstanceOf(LightningException.class)
                .hasMessageFindingMatch("samples, steps|\\(N, T, features\\)");
    }

    @Test
    void paddingOfAnotherArray_isRefusedWithTheShapesThereAre() {
        PaddingStackBatchifier labels = PaddingStackBatchifier.builder()
                .addPad(0, 0, manager -> manager.zeros(new Shape(1)))
                .build();
        PaddingStackBatchifier second = PaddingStackBatchifier.builder()
                .addPad(1, 0, manager -> manager.zeros(new Shape(1)))
                .build();
        for (Batchifier[] wrong :
                List.of(new Batchifier[] {second, Batchifier.STACK}, new Batchifier[] {Batchifier.STACK, labels})) {
            assertThatThrownBy(() -> DataLoader.builder(new Words())
                            .batchSize(2)
                            .collate(wrong[0], wrong[1])
                            .build()
                            .iterator()
                            .next()
                            .close())
                    .isInstanceOf(DataException.class)
                    .hasMessageFindingMatch(
                            wrong[0] == second ? "addPad.*\\[\\(1\\), \\(\\)\\]" : "one shape and dtype");
        }
    }

    /** One code more each time, and how many there are. */
    private static final class Words extends NumberRecords {
        Words() {
            super(new NumberRecords.Builder(), 4);
        }

        @Override
        public Record get(NDManager manager, long index) {
            return new Record(
                    new NDList(manager.zeros(new Shape(index + 1)), manager.create(index + 1)),
                    new NDList(manager.create(index)));
        }
    }

    // ---- what was closed

    @Test
    void tensorsOfADataset_areSaidToBeClosed() {
        try (NDManager own = data.manager().newSubManager()) {
            TensorDataset closed = TensorDataset.of(own.ones(new Shape(4, 4)), own.ones(new Shape(4, 2)));
            NDArray kept = own.ones(new Shape(4));
            DataLoader before = DataLoader.of(closed, 2);
            own.close();
            assertThatThrownBy(() -> DataLoader.of(closed, 2))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("A tensor of the dataset is closed");
            List<DataLoader> loaders = List.of(
                    before,
                    DataLoader.of(
                            new NumberRecords(new NumberRecords.Builder(), 4) {
                                @Override
                                public Record get(NDManager manager, long index) {
                                    return new Record(new NDList(kept.add(1)), new NDList());
                                }
                            },
                            2),
                    DataLoader.builder(data.regression(4))
                            .batchSize(2)
                            .augment((sample, random) -> kept.add(1))
                            .build());
            for (DataLoader loader : loaders) {
                assertThatThrownBy(() -> Trainers.quiet().build().fit(new BoringModule(), loader))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("closed")
                        .hasMessageContaining("keep the manager it was made on open");
            }
        }
    }

    @Test
    void predictionsAndInferences_sayThatTheyWereClosed() {
        BoringModule module = new BoringModule();
        Trainers.quiet().build().fit(module, data.regression(4, 4));
        PredictResult predicted = Trainers.quiet().build().predict(module, data.regression(4, 4));
        Inference inference = module.inference();
        predicted.close();
        inference.close();

        assertThatThrownBy(predicted::concat)
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("were closed");
        assertThatThrownBy(predicted::batches)
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("were closed");
        assertThatThrownBy(() -> inference.forward(data.manager().ones(new Shape(1, 4))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("was closed");
        module.close();
    }
}
