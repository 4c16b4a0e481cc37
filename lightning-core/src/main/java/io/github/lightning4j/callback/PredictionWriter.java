package io.github.lightning4j.callback;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes predictions batch by batch while {@code Trainer.predict} goes on, or all at its end. The Trainer then keeps none of them, so that memory
 * stays flat however many there are, and its result has no batches.
 *
 * <pre>{@code
 * Trainer.builder().callbacks(PredictionWriter.csv(Path.of("predictions.csv"))).build().predict(module, data);
 * }</pre>
 */
public final class PredictionWriter implements Callback {
    private final Supplier<? extends PredictionSink> opener;
    private @Nullable PredictionSink sink;

    private PredictionWriter(Supplier<? extends PredictionSink> opener) {
        this.opener = opener;
    }

    /**
     * Writes a CSV file: {@code loader,batch,sample}, each counted from 0, then the elements of each output, in columns named
     * after the array and its element: {@code output_0}, {@code output_1}, or {@code output1_0} for the second. The first axis
     * of outputs is the sample. The file appears, in place of one that is there, when the prediction is complete.
     *
     * @param file where to; missing folders are made
     * @return the callback
     */
    public static PredictionWriter csv(Path file) {
        Require.given(file, "the file of PredictionWriter");
        return new PredictionWriter(() -> new CsvPredictions(file));
    }

    /**
     * Writes safetensors files of so many batches each: {@code predictions-0-00000.safetensors} is the first of loader 0. In
     * each the outputs of its batches lie one after the other along their first axis, under the name of the array, or {@code
     * output}, {@code output1} and so on.
     *
     * @param directory where to; made if it is missing
     * @param batchesPerFile batches that are held in memory until their file is written, at least 1
     * @return the callback
     * @throws ConfigurationException if {@code batchesPerFile} is below 1
     */
    public static PredictionWriter safetensors(Path directory, int batchesPerFile) {
        Require.given(directory, "the directory of PredictionWriter");
        Require.atLeast(1, batchesPerFile, "PredictionWriter batchesPerFile");
        return new PredictionWriter(() -> new ShardedPredictions(directory, batchesPerFile));
    }

    /**
     * Hands predictions to something of one's own: opened when a prediction starts, given each batch, finished after the last.
     *
     * @param opener makes what takes them
     * @return the callback
     */
    public static PredictionWriter to(Supplier<? extends PredictionSink> opener) {
        return new PredictionWriter(Require.given(opener, "the sink of PredictionWriter"));
    }

    /**
     * Hands all predictions over at once when the last batch is done, so that they must fit into memory. Beside one that writes
     * each batch both happen.
     *
     * @param writer is given the outputs of each batch of each loader, on the CPU; they are freed after the run
     * @return the callback
     */
    public static PredictionWriter atEnd(Consumer<? super List<List<NDList>>> writer) {
        Require.given(writer, "the writer of PredictionWriter");
        return new PredictionWriter(() -> new WholePredictions(writer));
    }

    @Override
    public boolean takesPredictions() {
        return true;
    }

    @Override
    public void onPredictStart(Run run) {
        sink = Require.given(opener.get(), "what the opener of PredictionWriter returned");
    }

    @Override
    public void onPredictBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        if (sink != null) {
            sink.write(outputs, batch, batchIndex, loaderIndex);
        }
    }

    @Override
    public void onPredictEnd(Run run) {
        if (sink != null) {
            sink.finish();
        }
    }

    @Override
    public void teardown(Run run, Stage stage) {
        PredictionSink open = sink;
        sink = null;
        if (open != null) {
            open.close();
        }
    }
}
