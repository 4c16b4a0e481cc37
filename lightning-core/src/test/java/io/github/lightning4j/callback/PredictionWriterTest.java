package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.checkpoint.internal.TensorEntry;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.trainer.PredictResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionWriterTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    /** Predicts something of each number. */
    private static final class Predicting extends BoringModule {
        private final UnaryOperator<NDList> prediction;

        Predicting(UnaryOperator<NDList> prediction) {
            this.prediction = prediction;
        }

        @Override
        public NDList predictStep(Batch batch, int batchIndex) {
            return prediction.apply(batch.getData());
        }
    }

    private static UnaryOperator<NDList> twice() {
        return data -> {
            NDArray x = data.head();
            NDArray pair = x.concat(x.mul(10), 1);
            NDArray label = x.toType(DataType.INT64, true).squeeze(1);
            label.setName("label");
            return new NDList(pair, label);
        };
    }

    private void predict(UnaryOperator<NDList> prediction, PredictionWriter writer) {
        try (Predicting module = new Predicting(prediction);
                PredictResult result = Trainers.quiet()
                        .callbacks(writer)
                        .build()
                        .predict(module, data.numbers(2, 1, 2.5f, 3), data.numbers(1, 7))) {
            assertThat(result.batches()).isEmpty();
            assertThat(result.batches(1)).isEmpty();
        }
    }

    @Test
    void atEnd_isGivenAllOfEveryLoader() throws IOException {
        List<String> given = new ArrayList<>();
        long arrays = NativeMemory.now().arrays();
        long managers = NativeMemory.now().managers();
        try (Predicting module = new Predicting(twice());
                PredictResult result = Trainers.quiet()
                        .callbacks(
                                PredictionWriter.csv(directory.resolve("each.csv")),
                                PredictionWriter.atEnd(predictions ->
                                        predictions.forEach(loader -> loader.forEach(outputs -> given.add(
                                                Arrays.toString(outputs.head().toFloatArray()) + " "
                                                        + outputs.get(1).getName())))))
                        .build()
                        .predict(module, data.numbers(2, 1, 2.5f, 3), data.numbers(1, 7))) {
            assertThat(result.batches()).isEmpty();
        }
        assertThat(given).containsExactly("[1.0, 10.0, 2.5, 25.0] label", "[3.0, 30.0] label", "[7.0, 70.0] label");
        assertThat(Files.readAllLines(directory.resolve("each.csv"))).hasSize(5);
        assertThat(NativeMemory.now().managers()).isEqualTo(managers);
        assertThat(NativeMemory.now().arrays()).isEqualTo(arrays + 2); // the data
    }

    @Test
    void csv_hasARowForEverySampleOfEveryLoader() throws IOException {
        Path file = directory.resolve("new/predictions.csv");
        predict(twice(), PredictionWriter.csv(file));

        assertThat(file)
                .hasContent("loader,batch,sample,output_0,output_1,label_0\n"
                        + "0,0,0,1.0,10.0,1\n"
                        + "0,0,1,2.5,25.0,2\n"
                        + "0,1,0,3.0,30.0,3\n"
                        + "1,0,0,7.0,70.0,7\n");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void csvOfAPredictionThatFails_leavesWhatWasThere() throws IOException {
        Path file = directory.resolve("predictions.csv");
        Files.writeString(file, "before");
        int[] batches = {0};
        assertThatThrownBy(() -> predict(
                        data -> {
                            if (batches[0]++ == 1) {
                                throw new IllegalStateException("planned");
                            }
                            return data;
                        },
                        PredictionWriter.csv(file)))
                .hasMessageContaining("planned");
        assertThat(file).hasContent("before");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void safetensors_holdBatchesOneAfterTheOther() {
        predict(twice(), PredictionWriter.safetensors(directory, 2));

        assertThat(tensor("predictions-0-00000.safetensors", "output")).containsExactly(1f, 10f, 2.5f, 25f, 3f, 30f);
        assertThat(tensor("predictions-1-00000.safetensors", "output")).containsExactly(7f, 70f);

        predict(data -> data, PredictionWriter.safetensors(directory.resolve("each"), 1));
        assertThat(tensor("each/predictions-0-00000.safetensors", "output")).containsExactly(1f, 2.5f);
        assertThat(tensor("each/predictions-0-00001.safetensors", "output")).containsExactly(3f);
        assertThat(tensor("each/predictions-1-00000.safetensors", "output")).containsExactly(7f);
    }

    private float[] tensor(String file, String name) {
        try (SafetensorsReader reader = SafetensorsReader.open(directory.resolve(file));
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            TensorEntry entry = reader.tensors().get(name);
            NDArray array = manager.zeros(entry.shape(), DataType.FLOAT32);
            reader.copyTo(entry, array);
            return array.toFloatArray();
        }
    }

    @Test
    void sinkOfOnesOwn_isOpenedFinishedAndClosed_andNothingIsKept() {
        List<String> calls = new ArrayList<>();
        int[] most = {0};
        PredictionWriter writer = PredictionWriter.to(() -> {
            calls.add("open");
            return new PredictionSink() {
                private int first = -1;

                @Override
                public void write(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
                    int now = NativeMemory.now().arrays();
                    first = first < 0 ? now : first;
                    most[0] = Math.max(most[0], now - first);
                    calls.add(loaderIndex + "/" + batchIndex);
                }

                @Override
                public void finish() {
                    calls.add("finish");
                }

                @Override
                public void close() {
                    calls.add("close");
                }
            };
        });
        predict(data -> new NDList(data.head().mul(2)), writer);

        assertThat(calls).containsExactly("open", "0/0", "0/1", "1/0", "finish", "close");
        assertThat(most[0]).isLessThanOrEqualTo(1);
    }

    @Test
    void fitsAndTests_areLeftAlone() {
        try (BoringModule module = new BoringModule()) {
            var trainer = Trainers.quiet()
                    .callbacks(PredictionWriter.csv(directory.resolve("none.csv")))
                    .build();
            trainer.fit(module, data.regression(4, 2));
            trainer.test(module, data.regression(4, 2));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatCannotBeWritten_isRefusedWithARemedy() {
        assertThatThrownBy(() -> predict(
                        data -> new NDList(data.head().mean()), PredictionWriter.csv(directory.resolve("a.csv"))))
                .isInstanceOf(LightningException.class)
                .hasMessageContaining("its first axis must be the samples");
        int[] width = {0};
        UnaryOperator<NDList> growing = data -> new NDList(data.head().repeat(1, ++width[0]));
        assertThatThrownBy(() -> predict(growing, PredictionWriter.csv(directory.resolve("a.csv"))))
                .hasMessageContaining("Pad them in predictStep");
        width[0] = 0;
        assertThatThrownBy(() -> predict(growing, PredictionWriter.safetensors(directory, 2)))
                .hasMessageContaining("Pad them in predictStep");
        assertThatThrownBy(() -> PredictionWriter.safetensors(directory, 0))
                .hasMessageContaining("batchesPerFile is 0");
    }
}
